"""The parameters of the InternetGatewayDevice:1 (TR-098) data model, as text that `model.read_table` reads.

Paths, types and access are those of TR-098 1.8. A word in braces is filled in for each home, or
for each instance of a table.
"""

SYSTEM = """
InternetGatewayDevice.
DeviceSummary string r InternetGatewayDevice:1.4[](Baseline:1, EthernetLAN:1, WiFiLAN:2, Time:1)
LANDeviceNumberOfEntries unsignedInt r 1
WANDeviceNumberOfEntries unsignedInt r 1
InternetGatewayDevice.DeviceInfo.
Manufacturer string r {manufacturer}
ManufacturerOUI string r {oui}
ModelName string r {model}
Description string r Home router
ProductClass string r {product_class}
SerialNumber string r {serial}
HardwareVersion string r {hardware_version}
SoftwareVersion string r {software_version}
SpecVersion string r 1.0
EnabledOptions string r
ProvisioningCode string w ; len ..64
UpTime unsignedInt r 0
FirstUseDate dateTime r 2022-09-12T09:00:00Z
DeviceLog string r
VendorConfigFileNumberOfEntries unsignedInt r 1
InternetGatewayDevice.DeviceInfo.VendorConfigFile.1.
Name string r config.xml
Version string r 1
Date dateTime r 2022-09-12T09:00:00Z
Description string r Running configuration
InternetGatewayDevice.DeviceConfig.
PersistentData string w ; len ..256
ConfigFile string w
InternetGatewayDevice.ManagementServer.
EnableCWMP boolean w true
URL string w {acs_url} ; len ..256
Username string w {username} ; len ..256
Password string h {password} ; len ..256
PeriodicInformEnable boolean w true
PeriodicInformInterval unsignedInt w {periodic_s} ; 1..
PeriodicInformTime dateTime w 0001-01-01T00:00:00Z
ParameterKey string r
ConnectionRequestURL string r
ConnectionRequestUsername string w {wake_username} ; len ..256
ConnectionRequestPassword string h {wake_password} ; len ..256
UpgradesManaged boolean w true
KickURL string r
DownloadProgressURL string r
DefaultActiveNotificationThrottle unsignedInt w 0
CWMPRetryMinimumWaitInterval unsignedInt w {retry_s} ; 1..65535
CWMPRetryIntervalMultiplier unsignedInt w 2000 ; 1000..65535
UDPConnectionRequestAddress string r
UDPConnectionRequestAddressNotificationLimit unsignedInt w 0
STUNEnable boolean w false
STUNServerAddress string w ; len ..256
STUNServerPort unsignedInt w 3478 ; ..65535
STUNUsername string w ; len ..256
STUNPassword string h ; len ..256
STUNMaximumKeepAlivePeriod int w 60 ; -1..
STUNMinimumKeepAlivePeriod unsignedInt w 30
NATDetected boolean r false
AliasBasedAddressing boolean r false
InternetGatewayDevice.Time.
Enable boolean w true
Status string r Synchronized
NTPServer1 string w 0.pool.ntp.org ; len ..64
NTPServer2 string w 1.pool.ntp.org ; len ..64
NTPServer3 string w ; len ..64
CurrentLocalTime dateTime r 2024-03-01T09:00:00Z
LocalTimeZone string w +01:00 ; len ..256
LocalTimeZoneName string w CET ; len ..64
DaylightSavingsUsed boolean w true
DaylightSavingsStart dateTime w 2024-03-31T02:00:00Z
DaylightSavingsEnd dateTime w 2024-10-27T03:00:00Z
InternetGatewayDevice.UserInterface.
PasswordRequired boolean w true
PasswordUserSelectable boolean w true
UpgradeAvailable boolean w false
WarrantyDate dateTime w 2026-09-12T00:00:00Z
ISPName string w Careflow Net ; len ..64
ISPHelpDesk string w +48 600 100 100 ; len ..32
ISPHomePage string w https://isp.example/ ; len ..256
CurrentLanguage string w en ; len ..16
InternetGatewayDevice.UserInterface.RemoteAccess.
Enable boolean w false
Port unsignedInt w 443 ; 1..65535
Protocol string w HTTPS ; HTTP|HTTPS
InternetGatewayDevice.Layer3Forwarding.
DefaultConnectionService string w {wan}
ForwardNumberOfEntries unsignedInt r 1
InternetGatewayDevice.Layer3Forwarding.Forwarding.1.
Enable boolean w true
Status string r Enabled
Type string w Default
DestIPAddress string w ; ipv4
DestSubnetMask string w ; ipv4
SourceIPAddress string w ; ipv4
SourceSubnetMask string w ; ipv4
GatewayIPAddress string w {wan_gateway} ; ipv4
Interface string w {wan}
ForwardingMetric int w 1 ; -1..
"""

LAN = """
InternetGatewayDevice.LANConfigSecurity.
ConfigPassword string h {serial} ; len ..64
InternetGatewayDevice.LANDevice.1.
LANEthernetInterfaceNumberOfEntries unsignedInt r 4
LANUSBInterfaceNumberOfEntries unsignedInt r 0
LANWLANConfigurationNumberOfEntries unsignedInt r 2
InternetGatewayDevice.LANDevice.1.LANHostConfigManagement.
MACAddress string r {mac}
DHCPServerConfigurable boolean w true
DHCPServerEnable boolean w true
DHCPRelay boolean r false
MinAddress string w 192.168.1.100 ; ipv4
MaxAddress string w 192.168.1.199 ; ipv4
ReservedAddresses string w ; ipv4s
SubnetMask string w 255.255.255.0 ; ipv4
DNSServers string w 192.168.1.1 ; ipv4s
DomainName string w home ; len ..64
IPRouters string w 192.168.1.1 ; ipv4s
DHCPLeaseTime int w 86400 ; -1..
UseAllocatedWAN string w Normal ; Normal|UseAllocatedSubnet|Passthrough
AssociatedConnection string w ; len ..256
PassthroughLease unsignedInt w 600
PassthroughMACAddress string w ; mac
AllowedMACAddresses string w ; macs
IPInterfaceNumberOfEntries unsignedInt r 1
DHCPStaticAddressNumberOfEntries unsignedInt r 1
DHCPOptionNumberOfEntries unsignedInt r 0
DHCPConditionalPoolNumberOfEntries unsignedInt r 0
InternetGatewayDevice.LANDevice.1.LANHostConfigManagement.IPInterface.1.
Enable boolean w true
IPInterfaceIPAddress string w 192.168.1.1 ; ipv4
IPInterfaceSubnetMask string w 255.255.255.0 ; ipv4
IPInterfaceAddressingType string w Static ; DHCP|Static|AutoIP
InternetGatewayDevice.LANDevice.1.LANHostConfigManagement.DHCPStaticAddress.1.
Enable boolean w true
Chaddr string w ; mac
Yiaddr string w ; ipv4
"""

PORT = """
InternetGatewayDevice.LANDevice.1.LANEthernetInterfaceConfig.{i}.
Enable boolean w true
Status string r {status}
Name string r eth{i}
MACAddress string r {mac}
MACAddressControlEnabled boolean w false
MaxBitRate string w Auto ; 10|100|1000|Auto
DuplexMode string w Auto ; Half|Full|Auto
InternetGatewayDevice.LANDevice.1.LANEthernetInterfaceConfig.{i}.Stats.
BytesSent unsignedInt r 1048576
BytesReceived unsignedInt r 2097152
PacketsSent unsignedInt r 4096
PacketsReceived unsignedInt r 8192
"""

WLAN = """
InternetGatewayDevice.LANDevice.1.WLANConfiguration.{i}.
Enable boolean w true
Name string r wlan{i}
Status string r Up
BSSID string r {mac}
MaxBitRate string w Auto
Channel unsignedInt w {channel} ; 1..255
AutoChannelEnable boolean w true
PossibleChannels string r {channels}
ChannelsInUse string r {channel}
SSID string w {ssid} ; len 1..32
BeaconType string w 11i ; None|Basic|WPA|11i|BasicandWPA|Basicand11i|WPAand11i|BasicandWPAand11i
MACAddressControlEnabled boolean w false
X_02CF02_MACFilterMode string w Disabled ; Disabled|Allow|Deny
X_02CF02_AllowedMACAddresses string w ; macs
X_02CF02_DeniedMACAddresses string w ; macs
X_02CF02_ChannelBandwidth string w {width} ; 20MHz|40MHz|80MHz
Standard string r {standard}
WEPKeyIndex unsignedInt w 1 ; 1..4
KeyPassphrase string h correct-horse-{serial} ; len 8..63
WEPEncryptionLevel string r Disabled,40-bit,104-bit
BasicEncryptionModes string w None ; None|WEPEncryption
BasicAuthenticationMode string w None ; None|EAPAuthentication|SharedAuthentication
WPAEncryptionModes string w AESEncryption ; TKIPEncryption|AESEncryption|TKIPandAESEncryption
WPAAuthenticationMode string w PSKAuthentication ; PSKAuthentication|EAPAuthentication
IEEE11iEncryptionModes string w AESEncryption ; TKIPEncryption|AESEncryption|TKIPandAESEncryption
IEEE11iAuthenticationMode string w PSKAuthentication ; PSKAuthentication|EAPAuthentication
BasicDataTransmitRates string w 6,12,24
OperationalDataTransmitRates string w 6,9,12,18,24,36,48,54
PossibleDataTransmitRates string r 6,9,12,18,24,36,48,54
InsecureOOBAccessEnabled boolean w false
BeaconAdvertisementEnabled boolean w true
SSIDAdvertisementEnabled boolean w true
RadioEnabled boolean w true
AutoRateFallBackEnabled boolean w true
TransmitPowerSupported string r 25,50,75,100
TransmitPower unsignedInt w 100 ; 25|50|75|100
RegulatoryDomain string w PL ; len 2..3
TotalBytesSent unsignedInt r 734003200
TotalBytesReceived unsignedInt r 209715200
TotalPacketsSent unsignedInt r 600000
TotalPacketsReceived unsignedInt r 410000
TotalAssociations unsignedInt r {associated}
InternetGatewayDevice.LANDevice.1.WLANConfiguration.{i}.PreSharedKey.1.
PreSharedKey string h ; len ..64
KeyPassphrase string h correct-horse-{serial} ; len 8..63
"""

WAN = """
InternetGatewayDevice.WANDevice.1.
WANConnectionNumberOfEntries unsignedInt r 1
InternetGatewayDevice.WANDevice.1.WANCommonInterfaceConfig.
EnabledForInternet boolean w true
WANAccessType string r Ethernet
Layer1UpstreamMaxBitRate unsignedInt r 100000000
Layer1DownstreamMaxBitRate unsignedInt r 600000000
PhysicalLinkStatus string r Up
TotalBytesSent unsignedInt r 209715200
TotalBytesReceived unsignedInt r 734003200
InternetGatewayDevice.WANDevice.1.WANEthernetInterfaceConfig.
Enable boolean w true
Status string r Up
MACAddress string r {mac}
MaxBitRate string w Auto ; 10|100|1000|Auto
DuplexMode string w Auto ; Half|Full|Auto
InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.
WANIPConnectionNumberOfEntries unsignedInt r 1
WANPPPConnectionNumberOfEntries unsignedInt r 0
InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.
Enable boolean w true
ConnectionStatus string r Connected
PossibleConnectionTypes string r IP_Routed,IP_Bridged
ConnectionType string w IP_Routed ; IP_Routed|IP_Bridged
Name string w internet ; len ..256
Uptime unsignedInt r 0
LastConnectionError string r ERROR_NONE
RSIPAvailable boolean r false
NATEnabled boolean w true
AddressingType string w DHCP ; DHCP|Static
ExternalIPAddress string w {wan_ip} ; ipv4
SubnetMask string w 255.255.255.0 ; ipv4
DefaultGateway string w {wan_gateway} ; ipv4
DNSEnabled boolean w true
DNSOverrideAllowed boolean w false
DNSServers string w 9.9.9.9,1.1.1.1 ; ipv4s
MaxMTUSize unsignedInt w 1500 ; 1..1540
MACAddress string w {mac} ; mac
ConnectionTrigger string w AlwaysOn ; OnDemand|AlwaysOn|Manual
PortMappingNumberOfEntries unsignedInt r 0
"""

HOST = """
InternetGatewayDevice.LANDevice.1.Hosts.Host.{i}.
IPAddress string r
AddressSource string r {source}
LeaseTimeRemaining int r 0
MACAddress string r {mac}
HostName string r {name}
InterfaceType string r {interface}
Active boolean r false
"""

ASSOCIATED = """
InternetGatewayDevice.LANDevice.1.WLANConfiguration.{wlan}.AssociatedDevice.{i}.
AssociatedDeviceMACAddress string r {mac}
AssociatedDeviceIPAddress string r
AssociatedDeviceAuthenticationState boolean r true
LastRequestedUnicastCipher string r AES
LastRequestedMulticastCipher string r AES
X_02CF02_RSSI int r 0
X_02CF02_DownlinkRate unsignedInt r 0
X_02CF02_UplinkRate unsignedInt r 0
X_02CF02_Retransmissions unsignedInt r 0
X_02CF02_Active boolean r false
"""

# Tables that the ACS may add rows to and delete rows from (`rows.read_rows`).
ROWS = """
InternetGatewayDevice.WANDevice.{i}.WANConnectionDevice.{i}.WANIPConnection.{i}.PortMapping.{i}. \
32 PortMappingNumberOfEntries
PortMappingEnabled boolean w false
PortMappingLeaseDuration unsignedInt w 0
RemoteHost string w ; ipv4
ExternalPort unsignedInt w 0 ; ..65535
ExternalPortEndRange unsignedInt w 0 ; ..65535
InternalPort unsignedInt w 0 ; ..65535
PortMappingProtocol string w TCP ; TCP|UDP
InternalClient string w ; len ..256
PortMappingDescription string w ; len ..256
InternetGatewayDevice.LANDevice.{i}.LANHostConfigManagement.DHCPStaticAddress.{i}. \
16 DHCPStaticAddressNumberOfEntries
Enable boolean w false
Chaddr string w ; mac
Yiaddr string w ; ipv4
"""
