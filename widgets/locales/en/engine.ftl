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

## Results
result-success = { $title }: done.
result-warning = { $title }: there is something to look at.
result-error = { $title }: this did not work out.
finding-unreachable = Your router could not be reached, and nothing was changed. Please check that it is switched on.
finding-unreachable-changed = Your router stopped answering before this step was finished.
finding-uncertain = I could not make sure whether the change reached your router, so a person will look at it.
finding-refused = Your router did not accept the request. Nothing was changed.
finding-refused-changed = Your router did not accept all of the changes.
finding-stopped = Something went wrong on our side, so I stopped this step. Nothing was changed.
finding-stopped-changed = Something went wrong on our side, so I stopped this step before it was finished.

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
prompt-offer-ask-one = Shall we do this?
prompt-offer-ask = Which of these shall we do?
why-condition = Does not fit what was found.
why-unknown = Not known yet: { $missing }

## What a result tells of a request
reading-parameter = Setting
reading-fault_code = Fault
reading-fault_text = The router says
reading-missing = Not known
reading-reason = Reason
