# What the conversation itself says, beside the texts of the workflow.
conversation-buttons-please = Thank you, I have noted that. The buttons below are the quickest way for me to help; a person is here too whenever you like.
conversation-person-coming = Of course. Everything we have found so far goes along, so you need not repeat anything.
conversation-taken = { $name } can see everything we have found so far.
conversation-resolved = We are here whenever you need us again.
conversation-handed-back = I carry on from here and check your router once more.
conversation-restart = Start again

answer-missing = Please choose or write an answer.
answer-not-yes-or-no = Please choose yes or no.
answer-not-a-number = Please write a whole number.
answer-too-small = Please write { $limit } or more.
answer-too-large = Please write { $limit } or less.
answer-not-a-path = Please write the full name of a parameter, from its root on.
answer-does-not-fit = This is not written as it should be.
answer-no-such-file = This file is not there any more, or is of another kind.
answer-no-way-back = This change cannot be put back.
answer-not-offered = Please take one of the answers offered.
answer-not-text = Please write some text.
answer-too-long = Please keep it to { $limit } characters.
answer-unknown-field = This is not part of the question.
