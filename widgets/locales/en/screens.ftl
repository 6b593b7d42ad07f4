### What the screens say by themselves. Authors' texts are in the workflows. Staff pages: staff.ftl; the page at /: landing.ftl.

## Time
time-just-now = just now
time-seconds = { $n ->
    [one] 1 second
   *[other] { $n } seconds
}
time-minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
time-short-seconds = { $n } s
time-short-minutes = { $n } min
time-short-hours = { $n } h
value-yes = yes
value-no = no
loading = One moment…
list-more = Show more
dialog-cancel = Cancel
dialog-close = Close

## The bar and its menu
bar-back = Back to the first page
link-live = Connected
link-polling = Connected, a little slower
link-connecting = Connecting…
link-offline = No connection. I keep trying.
menu-open = Language and appearance
menu-language = Language
menu-theme = Appearance
menu-theme-system = System
menu-theme-light = Light
menu-theme-dark = Dark
menu-leave = Sign out
menu-signed-in = You are signed in

## Failures: what happened, what was not changed, what next
failure-offline = There is no connection at the moment.
failure-server = Something went wrong on our side.
failure-forbidden = Your account may not do this.
failure-not-found = This is not here any more, or it belongs to someone else.
failure-signed-out = You have been signed out.
failure-too-many = That was a little fast. Please wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
failure-other = That could not be done.
failure-code-too-soon = A code was sent a moment ago. You can ask for another in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
failure-codes-used-up = That is all the codes for this hour. Please try again later.
failure-wrong-code = That code does not fit. Please check it, or ask for a new one.
failure-wrong-origin = This page was opened from another address. Please open it from the usual one.
failure-question-closed = This question was answered already, or a newer one is open.
failure-action-not-offered = That answer is not among those offered any more.
failure-answer-invalid = The answer is not complete yet.
failure-not-your-turn = A colleague has this conversation at the moment.
failure-workflow-unknown = This check is not offered any more.
failure-nothing-changed = Nothing was changed.
failure-next-again = It will work again in a moment; please try once more.
failure-next-person = Go on from here, or ask a person.
failure-retry = Try again

## Signing in
sign-in-heading = Welcome home
sign-in-lead = Sign in with your phone number. We send you a code; you need no password.
sign-in-phone = Your phone number
sign-in-phone-wrong = Please write the number with its country code, for example +48 600 000 001.
sign-in-send-code = Send me a code
sign-in-code-heading = Your code
sign-in-code-lead = We have sent six digits to { $phone }. They are good for five minutes.
sign-in-code = Six-digit code
sign-in-go = Sign in
sign-in-new-code = Send a new code
sign-in-other-phone = Use another number
sign-in-demo-code = Demo: your code is
sign-in-demo-use = Use it

## Home
home-hello = Hello, { $name }
home-router = Your router
home-routers = Your routers
home-my-router = My router
home-online = Online, heard { $ago }
home-offline = Last heard { $ago }
home-never-heard = Not heard yet
home-no-router = There is no router with your account yet. When it is connected it shows up here by itself.
home-wrong = Is something wrong?
home-check-takes = We check it step by step
home-noticed = We have noticed this. Let us look at it.
home-starting = Starting…
home-no-symptoms = There is nothing to choose at the moment. Please call us; a person will help.
home-fixed = What we did for you lately
home-nothing-fixed = Nothing needed fixing lately. What we do for you is listed here.
home-earlier = Earlier conversations
home-continue = Carry on where you left off
home-with-person = Carry on with a person
quality-excellent = Excellent
quality-good = Good
quality-fair = Fair
quality-poor = Poor
quality-unknown = Not known yet

## Conversation
conversation-title = Help with your internet
log-label = Conversation
log-offline = There is no connection at the moment. I carry on by myself as soon as it is back.
dock-label = Your answers
said-by-you = You:
said-person = A person
said-sending = Sending…
answer-send = Send
answers-more = { $n ->
    [one] One more answer
   *[other] { $n } more answers
}
field-optional = (may stay empty)
person-ask = Talk to a person
write-person = Write a message
write-send = Send
waiting-person = You can write already. You may also leave this page: the answer will be here.
handoff-waiting = A person is coming
handoff-taken = { $name } is here
handoff-resolved = { $name } has finished
handoff-handed-back = { $name } has handed back to the assistant
ended-heading = We are done here
ended-home = Back home

## Work on the router
step-progress = Progress
step-usual = Takes about { $span } as a rule · { $so_far } s so far
step-late = Longer than usual · { $so_far } s so far. I stay with it.
step-waiting = Waiting for your router · { $so_far } s so far. If it stays quiet I stop, and tell you what to do.
step-waiting-until = I wait for it until { $until } · { $so_far } s so far. If it stays quiet I tell you what to do.
step-queued = Waiting for its turn · about { $span } as a rule
step-failed = This did not work. What has no tick was not done.
step-timed-out = There was no answer in time.
stage-done = done
stage-active = in progress
stage-waiting = to come
stage-failed = did not work
loss-now-long = Your internet pauses for about { $span }. You may put your phone aside; I come back by myself.
loss-now = Your internet pauses for a moment. Please stay on this page; I come back by myself.
loss-waiting = It should be back any moment. I check again by myself.
loss-over = The short pause is over.
status-success = Good
status-warning = Please note
status-error = Did not work
status-in_progress = In progress
status-not_started = Not started
status-none = Result
result-age = read { $ago }
values-show = Show the values
changes-show = { $n ->
    [one] Show what was changed
   *[other] Show the { $n } changes
}
change-before = before:
change-after = now:
change-added = added
change-deleted = deleted
change-verified = Read back: it is in force
change-not-kept = Read back: the router did not keep it
change-unchecked = Not read back yet
reading-name = What
reading-value = Value
reading-age = Read
offer-takes = about { $span }
offer-writes = asks you first
offer-drops = internet pauses for { $span }
consent-takes = Takes about { $span }
consent-drops = Your internet pauses for about { $span }
consent-stays-on = Your internet stays on
consent-checked = I check afterwards that it worked
hosts-here = here now
hosts-away = away
hosts-none = The router sees no devices at the moment.
hosts-unnamed = Device without a name
hosts-table = Show as a table ({ $n })
hosts-name = Name
hosts-ip = Address
hosts-mac = Hardware address
hosts-state = State

## How far the work is
step-counted = { $done } of { $total }
undo-ask = Put back what this changed?
undo-lead = The values from before are written again and read back.
undo-yes = Yes, put it back
undo-no = Leave it
