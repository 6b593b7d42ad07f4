### How a router is doing, in a sentence.
device-never-heard = We have not heard from your router yet.
device-not-heard = We have not heard from your router for a while. Please check that it is switched on.
device-wifi-off = Your router is online and its WiFi is switched off.
device-dhcp-off = Your router is online, and new devices may not get an address from it.
device-heard = Your router is online.
device-all-right = Your router is online, with its WiFi and its address sharing on.

## The same, told to staff
device-staff-never-heard = The router has not been heard yet.
device-staff-not-heard = The router has not been heard for a while. It may be switched off, or without a line.
device-staff-wifi-off = The router is online and its WiFi is switched off.
device-staff-dhcp-off = The router is online, and new devices may not get an address from it.
device-staff-heard = The router is online.
device-staff-all-right = The router is online, with its WiFi and its address sharing on.
