### What the server says on the page of a router, for staff: its tasks, its messages, how it is.

## What was asked of a router
order-more = { $first } and { $n } more
order-GetParameterValues = Read { $what }
order-SetParameterValues = Write { $what }
order-GetParameterNames = Look what is in { $what }
order-AddObject = Add an entry to { $what }
order-DeleteObject = Delete the entry { $what }
order-SetParameterAttributes = Ask to be told when { $what } changes
order-Reboot = Restart
order-FactoryReset = Set back to factory settings
order-ScheduleInform = Ask it to call in { $span }
order-Download = Send a file: { $what }
order-Upload = Fetch a file: { $what }
order-Diagnose = Measure with { $what }
order-AwaitContact = Wait for its next call
order-GetRPCMethods = Ask which requests it knows
order-everything = everything
order-file-firmware = firmware
order-file-configuration = its settings
order-file-log = its log
order-by-first-contact = First contact
order-by-careflow = Careflow
order-by-customer = Customer
order-by-former = A former colleague
order-timed-out = The router did not call in time. Nothing was changed.
order-uncertain = The router stopped answering, so it is not known whether this happened.
order-cancelled = Cancelled before the router had it.
order-unknown-fault = The router declined with a code of its own.

## Its messages
message-empty-in = It has nothing more to say.
message-empty-out = The session ends here.
message-Inform = Calls: { $events }. Tells { $n ->
    [one] one value
   *[other] { $n } values
}.
message-InformResponse = We greet it back.
message-values = Tells { $n ->
    [one] one value: { $what }
   *[other] { $n } values: { $what }
}
message-names = Tells { $n ->
    [one] one name: { $what }
   *[other] { $n } names: { $what }
}
message-done = It has done so.
message-done-later = It will do so, and tells when it is done.
message-instance = The new entry has the number { $n }.
message-methods = Knows { $n ->
    [one] one request
   *[other] { $n } requests
}.
message-fault = Declines: { $code } { $why }
message-transfer-well = The transfer { $key } went well.
message-transfer-fault = The transfer { $key } did not work: { $code } { $why }
message-heard = We have heard it.
message-asks = Asks for { $what }.
message-other = { $method }
message-unreadable = This message could not be read.
message-not-kept = This message was too large to keep.

## How it is
device-wake-http = It can be asked to call at any time.
device-wake-udp = It is behind another router and is asked by UDP.
device-wake-none = It cannot be asked to call, so orders wait for its next call.
device-wake-none-every = It cannot be asked to call. It calls by itself every { $span }.
device-wake-later = It cannot be asked to call yet: it is given the password for that when it calls by itself.
device-wake-later-every = It cannot be asked to call yet: it is given the password for that when it calls by itself, which it does every { $span }.
device-wake-held = It is not asked to call while it is held back.
device-knocked = It came with the password it left the factory with and was refused, since it has one of its own. Was it reset? Then let it come in anew.
device-may-enrol = It came with the password it left the factory with and was refused. At its next call it may come in anew.
device-quarantined = It is held back: nothing is read from it or written to it until it is let in.
device-says-firmware = Firmware { $version } runs.
device-says-firmware-offered = Firmware { $version } runs, and { $offered } is in store for it.
device-says-wifi = WiFi: { $networks }.
device-says-wifi-off = All its WiFi networks are off.
device-says-network = { $ssid } ({ $band })
device-says-network-channel = { $ssid } ({ $band }, channel { $channel })
device-says-hosts = { $n ->
    [one] One device is in the home now.
   *[other] { $n } devices are in the home now.
}
device-says-uptime = Running for { $span }.
device-says-backup = Its settings were kept { $span } ago.
device-says-no-backup = Its settings were not kept yet.

## What can be done
operation-not-heard = It has never called, so nothing can be asked of it yet.
operation-quarantined = Let it in first.
operation-no-firmware = There is no newer firmware in store for it.
operation-no-backup = There is no backup of its settings yet.
operation-no-file = There is no file that fits it.
