### What a run says in its own words. Authors' texts are in the workflows.

## Live state of a step
stage-contact = Contacting your router
state-contacting = Contacting your router
state-waiting = Your router is not answering at the moment. I go on as soon as it checks in.
state-running = Working on your router
state-pause = Giving your router a moment
state-done = Done
state-failed = This step did not finish
state-timed-out = Your router did not answer in time
progress-accepted = Your router has taken the order
progress-transferring = The file is on its way
progress-transferred = The file has arrived
progress-measuring = Your router is measuring
progress-answered = Your router is done and tells how it went

## Results
result-success = { $title }: done.
result-warning = { $title }: there is something to look at.
result-error = { $title }: this did not work out.
finding-unreachable = Your router could not be reached, and nothing was changed. Please check that it is switched on.
finding-unreachable-changed = Your router stopped answering before this step was finished.
finding-uncertain = I could not make sure whether the change reached your router, so a person will look at it.
finding-refused = Your router did not accept the request. { $why } Nothing was changed.
finding-refused-changed = Your router did not accept all of the changes. { $why }
finding-stopped = Something went wrong on our side, so I stopped this step. Nothing was changed.
finding-stopped-changed = Something went wrong on our side, so I stopped this step before it was finished.
finding-cancelled = This step was stopped before it began. Nothing was changed.
finding-cancelled-changed = This step was stopped before it was finished.

## Undo
undo = Undo: { $title }
undo-of = Undo: { $title }
stage-undo-read = Reading what your router has now
stage-undo-write = Putting the earlier settings back
stage-undo-verify = Reading them back to be sure
finding-undone = Done: your router has its earlier settings back.
finding-undone-partly = Part of it could not be put back, since your router never told what was there before: { $label }.
finding-changed-since = This was changed again since then, so I left it as it is now: { $label }.
finding-undo-not-applied = I put the earlier settings back, and your router still shows others: { $label }.

## Questions
offer-one = Here is what I suggest.
offer-several = Here is what I can do. What would you like?
consent-question = Shall I go ahead?
consent-yes = Yes, go ahead
consent-no = Not now
answer-continue = Continue
nothing-changed = Nothing was changed.

## Going to a person
escalate-information = One of our people will take it from here. They see everything that was found.
escalate-nothing-left = I have tried what I can. One of our people will take it from here, and they see everything that was found.
escalate-uncertain = I want to be sure about your router, so one of our people will look at it.
escalate-step-failed = Something went wrong on our side. One of our people will take it from here.
escalate-too-many-steps = We have been going in circles. One of our people will take it from here.

## The end
ended-success = That is all done.
ended-warning = That is all I can check for now.
ended-error = I could not put this right.
ended-cancelled = This conversation is finished. You can start again at any time.
ended-expired = There was no answer for a long time, so I closed this conversation. You can start again at any time.
restart = Start again

## For agents
prompt-offer-say = Thank you for telling me. Here is what we can do next.
prompt-offer-ask-one = Shall we do this?
prompt-offer-ask = Which of these shall we do?
why-condition = Does not fit what was found.
why-unknown = Not known yet: { $missing }

## What a result tells of a request
reading-parameter = Parameter
reading-label = Setting
reading-why = What it means
reading-fault_code = Fault
reading-fault_text = The router says
reading-missing = Not known
reading-reason = Reason

## What was changed on a router, and its way back
undo-state-possible = Can be undone
undo-state-done = Undone
undo-state-running = Being undone
undo-state-impossible = Cannot be undone: the router never told what was there before
undo-state-kept = Nothing to undo: the router kept what it had
undo-state-left = Is not to be undone
change-by-careflow = Careflow
change-by-unknown = Someone who is no longer with us
