### How a router is doing, in a sentence.
device-never-heard = We have not heard from your router yet.
device-not-heard = We have not heard from your router for a while. Please check that it is switched on.
device-wifi-off = Your router is online and its WiFi is switched off.
device-dhcp-off = Your router is online, and new devices may not get an address from it.
device-heard = Your router is online.
device-all-right = Your router is online, with its WiFi and its address sharing on.
