### What the pages for staff say, beside what all screens say.

## Signing in, roles
staff-sign-in = Sign in
staff-other-role = You are signed in as { $role }, and this page is for other work. Sign in with another login to go on.
failure-wrong-login = The login or the password does not fit.
failure-already-taken = A colleague was quicker and has this conversation now.
failure-next-already-taken = You can read along and leave a private note.
failure-not-yours = This conversation is not yours at the moment.
failure-no-run = There is no workflow to go back to.
conversation-state-open = in progress
conversation-state-escalated = with a person
conversation-state-ended = finished
channel-customer = by app
channel-operator = by an operator
channel-agent = by phone
said-note = Private note by { $name }

## Agent
agent-title = Careflow · Agent
agent-sign-in = Agent's script
agent-sign-in-lead = Sign in to find a customer and follow the script.
find-heading = Who is on the line?
find-hint = Phone, name, address or serial number
find-count = { $n ->
    [one] One customer found
   *[other] { $n } customers found
}
find-none = Nobody fits that. Try part of the phone number, the street or the router's serial number.
find-empty = There are no customers yet.
find-no-router = no router yet
find-back = Another customer
facts-customer = Customer
facts-phone = Phone
facts-address = Address
facts-plan = Plan
facts-no-plan = none
facts-language = Speaks
facts-router = Router
facts-model = Model
facts-serial = Serial number
facts-software = Software
facts-contact = Last contact
facts-visits = Earlier
facts-open-router = Open this router
facts-no-visits = No earlier visits.
script-choose = What is it about?
script-choose-lead = Choose what { $name } describes. You see what to say at each step.
script-starts = Starts the script
script-no-router = This customer has no router yet, so there is nothing to check.
script-none = No script is published for agents yet.
script-label = Script
script-back = Leave the script
script-say = Say this
script-say-working = I am working on it right now; it takes about { $span }.
script-ask = Ask
script-listen-for = Listen for
script-do = Do
script-if-asked = If asked
script-why-not = { $n ->
    [one] Why not the other step?
   *[other] Why not the { $n } other steps?
}
script-missing = Not known yet: { $names }.
script-number-keys = Answer with the number keys
script-hand-over = Hand to an operator
script-waiting-operator = An operator will take over. They see everything found so far.
script-with-operator = The operator answers now. You can stay on the line and watch.
script-wait = The router is being worked on. The answers come by themselves.
script-over = This script is finished.
script-history = This call
history-loss = Internet pauses for about { $seconds } s

## Desk
desk-title = Careflow · Desk
desk-sign-in = Operator's desk
desk-sign-in-lead = Sign in to see who is waiting for a person.
desk-views = Which conversations
desk-view-mine = Mine
desk-view-unassigned = Unassigned
desk-view-all = All
desk-count = { $n ->
    [one] One conversation
   *[other] { $n } conversations
}
desk-empty-mine = Nothing is with you. Take one from Unassigned.
desk-empty-unassigned = Nobody is waiting. New conversations show up here by themselves.
desk-empty-all = There has been no conversation for a person yet.
desk-waited = waited
desk-customer = Customer
desk-state-waiting = waiting
desk-state-taken = with { $name }
desk-state-resolved = resolved
desk-state-handed-back = handed back
desk-choose = Choose a conversation
desk-choose-lead = You see what was said and everything that was found before you take it.
desk-conversation = Conversation
desk-found = What was found
desk-take = Take
desk-take-first = Take the conversation to write to the customer.
desk-to-customer = To the customer
desk-note = Private note
desk-write-kind = What you write
desk-write-customer = Write to the customer
desk-write-note = Write a note that only colleagues see
desk-with-assistant = The assistant has this conversation again.
desk-closed = This conversation is closed.
desk-hand-back = Hand back
desk-hand-back-lead = The assistant goes on from the step you choose and checks the router again.
desk-hand-back-step = Go on at
desk-resolve = Resolve
desk-resolve-lead = The customer's file keeps how it ended.
desk-resolve-note = Note for the file (may stay empty)
desk-disposition = How did it end?
disposition-solved = Solved
disposition-technician-ordered = A technician is ordered
disposition-equipment-replaced = Equipment replaced
disposition-customer-will-call = The customer will call again
disposition-not-reproducible = Could not be reproduced
disposition-other = { $name }
reason-asked = Asked for a person
reason-information-only = Needs a person to act
reason-uncertain = A change could not be confirmed
reason-step-failed = A step failed
reason-nothing-left = Nothing left to try
reason-too-many-steps = Went in circles
reason-other = Needs a person
found-symptom = What is wrong
found-steps = What was checked
found-no-steps = Nothing was checked yet.
found-changes = Changes made
found-no-changes = Nothing was changed on the router.
found-answers = Answers given
found-ruled-out = Ruled out
