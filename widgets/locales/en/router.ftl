### What the page on routers, for staff, says.

## Finding one
router-title = Careflow · Routers
router-sign-in = Routers
router-sign-in-lead = Sign in to find a router, see how it is and work on it.
router-find = Find a router
router-find-words = Search
router-find-hint = Serial number, customer, address, model…
router-find-none = No router fits that. Try the beginning of a serial number, a name or an address, or take a filter away.
router-find-empty = No router has called yet. As soon as one does, it shows up here.
router-count = { $n ->
    [one] One router
   *[other] { $n } routers
}
router-count-many = { $n } routers and more
router-filters = Filters
router-filter-model = Model
router-filter-firmware = Firmware
router-filter-tag = Tag
router-filter-state = State
router-filter-any = Any
router-filter-clear = Take all filters away
router-state-online = Online
router-state-offline = Offline
router-state-excellent = Excellent
router-state-good = Good
router-state-fair = Fair
router-state-poor = Poor
router-state-unknown = Not known yet
router-state-quarantined = Held back
router-unnamed = Router without a name
router-no-customer = Nobody's
router-firmware-of = Firmware { $version }
router-back = All routers
router-span-days = { $days ->
    [one] 1 day
   *[other] { $days } days
} { $hours } h
router-choose = Please choose

## One router
router-parts = Parts of this page
router-tab-overview = Overview
router-tab-actions = Actions
router-tab-model = Data model
router-tab-changes = Changes
router-tab-tasks = Tasks
router-tab-sessions = Sessions
router-tab-files = Files
router-health = How it is
router-wifi = WiFi
router-no-wifi = Its WiFi was not read yet.
router-on = on
router-off = off
router-channel = channel { $channel }
router-channel-auto = channel { $channel }, chosen by itself
router-hosts = In the home
router-hosts-count = { $here } of { $n } are online now.
router-firmware = Firmware
router-firmware-newest = No newer one is kept for this model.
router-firmware-offered = Version { $version } fits this router.
router-firmware-install = Install { $version }
router-backup = Last backup
router-backup-at = { $when } ({ $ago })
router-no-backup = No backup of its settings yet.
router-contact = Connection
router-address = Called from
router-uptime = Running for
router-wake = Waking it
router-technical = Technical
router-maker = Maker
router-product-class = Product class
router-hardware = Hardware
router-data-model = Data model
router-profile = Vendor profile
router-profile-none = none
router-quirks = { $n ->
    [one] One thing that is peculiar about it
   *[other] { $n } things that are peculiar about it
}
router-tags = Tags
router-no-tags = No tags.
router-tag-new = New tag
router-tag-add = Add
router-tag-remove = Take off the tag { $tag }
router-held = This router is held back
router-held-lead = It called with credentials that may not come in by themselves. Nothing is read from it or written to it until you let it in.
router-held-ask = It called with credentials that may not come in by themselves. A supervisor can let it in.
router-admit = Let it in
router-admit-lead = { $serial } is read and looked after like any other router from its next call on.
router-admit-find = Find the customer it belongs to
router-admit-whose = Whose is it?
router-knocked = Refused
router-knocked-at = { $when } ({ $ago }), with the password it left the factory with
router-reopen = Let it come in anew
router-reopen-lead = Do this only if the router was reset. Until it has a password of its own again, whoever knows the one that such routers share could come in its name. Your name, the time and the reason are kept.
router-reopen-why = Why?
router-reopened = At its next call it may come in with the password it left the factory with.

## What can be done
router-group-check = Check
router-group-repair = Repair
router-group-file = Files
router-group-power = Power
router-group-other = More
router-no-operations = Nothing can be run on this router from here at the moment.
router-not-now = This is not possible at the moment.
router-run = Run
router-run-start = Run
router-run-close = Close
router-run-writes = This changes the router. What was changed is kept under Changes.
router-run-drops = The home is offline for about { $span }
router-run-stays-on = The home stays online
router-no-fitting-file = There is no file that fits. Files are under Files; a backup makes one, too.

## Data model
router-model-find = Search in the data model
router-model-hint = Part of a path or a value
router-model-empty = Nothing was read from this router yet. Read it from the router to see it here.
router-branch-empty = Nothing below was read yet. Read it from the router to see it.
router-model-none = Nothing has this in its path or value.
router-read-all = Read all from the router
router-read = Read again
router-read-this = Read { $path } from the router again
router-reading = { $n ->
    [one] Asked the router. The values come by themselves as soon as it answers.
   *[other] Asked the router for { $n } things. The values come by themselves as soon as it answers.
}
router-read-expired = The router did not call in time, so nothing was read.
router-not-read = not read yet
router-value-empty = (empty)
router-secret = secret
router-read-only = read only
router-change = Change
router-new-value = New value
router-write = Write it
router-type-text = text
router-type-number = a whole number
router-type-whole = a whole number from 0
router-type-switch = yes or no
router-type-moment = a moment, such as 2026-01-31T12:00:00Z
router-type-bytes = bytes as base64 or hexadecimal digits
router-reveal = Show it
router-hide = Hide it
router-reveal-reason = Why do you need to see it?
router-reveal-kept = Your name, the time and the reason are kept.
router-entry-add = Add an entry to { $path }
router-entry-delete = Delete the entry { $path }

## Changes
router-no-changes = Nothing was changed in this router from here.
router-undo = Put back

## Tasks
router-no-tasks = Nothing was asked of this router yet.
router-task-queued = waiting
router-task-sent = sent
router-task-running = under way
router-task-done = done
router-task-expired = ran out of time
router-task-failed = did not work
router-task-cancel-this = Cancel: { $what }
router-task-left = { $ago } · { $left } left
router-task-took = { $when } · took { $took }
router-under-a-second = less than a second

## Sessions
router-no-sessions = No session is kept yet. The next call of the router shows up here.
router-session-size = { $n ->
    [one] 1 message
   *[other] { $n } messages
}, { $in } in, { $out } out
router-ending-open = going on
router-ending-well = well
router-ending-silent = fell silent
router-ending-failed = failed
router-ending-superseded = replaced by a newer one
router-event-0-bootstrap = first call
router-event-1-boot = started up
router-event-2-periodic = on schedule
router-event-3-scheduled = as ordered
router-event-4-value-change = a value changed
router-event-5-kicked = asked by a page
router-event-6-connection-request = woken by us
router-event-7-transfer-complete = a transfer ended
router-event-8-diagnostics-complete = a test ended
router-event-m-reboot = rebooted as ordered
router-event-m-scheduleinform = called as ordered
router-event-m-download = downloaded as ordered
router-event-m-upload = uploaded as ordered
router-event-other = { $code }
router-no-messages = The messages of this session are not kept any more.
router-messages-missing = { $n ->
    [one] One more message was not kept.
   *[other] { $n } more messages were not kept.
}
router-message-in = From the router
router-message-out = To the router
router-message-empty = Empty message
router-message-nothing = There is nothing in it, or it was too large to keep.

## Files
router-library = Firmware and files
router-library-none = Nothing of this kind is kept yet. Upload a firmware image above.
router-files-own = Of this router
router-files-own-none = No backup and no log of this router yet.
router-files-fitting = Firmware that fits
router-files-fitting-none = No firmware image fits this model. Upload one under Firmware and files.
router-file-kind = Kind
router-file-firmware = Firmware
router-file-configuration = Backup
router-file-log = Log
router-file-other = Other
router-file-runs = runs now
router-file-models = for { $models }
router-file-delete = Delete
router-file-delete-this = Delete { $name }
router-file-delete-lead = “{ $name }” is deleted for good. A router that is just fetching it may stop.
router-download = Download
router-download-this = Download { $name }
router-install-here = Install here
router-restore-here = Restore here
router-upload = Upload a firmware image
router-upload-file = File
router-upload-version = Version
router-upload-models = Models
router-upload-models-hint = As the routers report it, with commas between. “Model@B2” is for hardware B2 only.
router-upload-go = Upload
router-upload-no-file = Please choose a file.
router-upload-no-version = Please write the version, as the router will report it.
router-upload-no-models = Please write for which models it is.
router-uploading = Uploading
router-uploaded = { $name } is stored.
failure-not-cancellable = This cannot be stopped any more: the router has it.

## How far a task is
router-progress-accepted = The router has the order
router-progress-transferring = Moving the file
router-progress-measuring = Measuring
router-progress-answered = The router has answered
router-progress-other = Under way
router-progress-of = { $phase }: { $done } of { $total }
