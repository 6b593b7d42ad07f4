"""The parameters of the Device:2 (TR-181) data model, as text that `model.read_table` reads.

Paths, types and access are those of TR-181 2.16. A word in braces is filled in for each home, or
for each instance of a table.
"""

SYSTEM = """
Device.
RootDataModelVersion string r 2.16
InterfaceStackNumberOfEntries unsignedInt r 0
Device.DeviceInfo.
DeviceCategory string r
Manufacturer string r {manufacturer}
ManufacturerOUI string r {oui}
ModelName string r {model}
ModelNumber string r {model}
Description string r Home router
ProductClass string r {product_class}
SerialNumber string r {serial}
HardwareVersion string r {hardware_version}
SoftwareVersion string r {software_version}
ProvisioningCode string w ; len ..64
UpTime unsignedInt r 0
FirstUseDate dateTime r 2024-03-01T09:00:00Z
VendorConfigFileNumberOfEntries unsignedInt r 1
VendorLogFileNumberOfEntries unsignedInt r 1
Device.DeviceInfo.VendorConfigFile.1.
Alias string w cpe-config
Name string r config.xml
Version string r 1
Date dateTime r 2024-03-01T09:00:00Z
Description string r Running configuration
Device.DeviceInfo.VendorLogFile.1.
Alias string w cpe-log
Name string r /var/log/messages
MaximumSize unsignedInt r 262144
Persistent boolean r false
Device.DeviceInfo.MemoryStatus.
Total unsignedInt r 262144
Free unsignedInt r 98304
Device.DeviceInfo.ProcessStatus.
CPUUsage unsignedInt r 7
ProcessNumberOfEntries unsignedInt r 0
Device.DeviceInfo.TemperatureStatus.
TemperatureSensorNumberOfEntries unsignedInt r 0
Device.ManagementServer.
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
DefaultActiveNotificationThrottle unsignedInt w 0
CWMPRetryMinimumWaitInterval unsignedInt w {retry_s} ; 1..65535
CWMPRetryIntervalMultiplier unsignedInt w 2000 ; 1000..65535
UDPConnectionRequestAddress string r
STUNEnable boolean w false
STUNServerAddress string w ; len ..256
STUNServerPort unsignedInt w 3478 ; ..65535
STUNUsername string w ; len ..256
STUNPassword string h ; len ..256
STUNMaximumKeepAlivePeriod int w 60 ; -1..
STUNMinimumKeepAlivePeriod unsignedInt w 30
NATDetected boolean r false
AliasBasedAddressing boolean r false
InstanceMode string w InstanceNumber ; InstanceNumber|InstanceAlias
HTTPCompressionSupported string r GZIP,Deflate
HTTPCompression string w Disabled ; Disabled|GZIP|Deflate
Device.Time.
Enable boolean w true
Status string r Synchronized
NTPServer1 string w 0.pool.ntp.org ; len ..64
NTPServer2 string w 1.pool.ntp.org ; len ..64
CurrentLocalTime dateTime r 2024-03-01T09:00:00Z
LocalTimeZone string w CET-1CEST,M3.5.0,M10.5.0/3 ; len ..256
Device.UserInterface.
PasswordRequired boolean w true
PasswordUserSelectable boolean w true
CurrentLanguage string w en
Device.UserInterface.RemoteAccess.
Enable boolean w false
Port unsignedInt w 443 ; 1..65535
Protocol string w HTTPS ; HTTP|HTTPS
Device.Users.
UserNumberOfEntries unsignedInt r 1
Device.Users.User.1.
Enable boolean w true
Username string w admin ; len ..64
Password string h {serial} ; len ..64
RemoteAccessCapable boolean w false
"""

PORT = """
Device.Ethernet.Interface.{i}.
Enable boolean w true
Status string r {status}
Alias string w cpe-eth{i}
Name string r eth{i}
LastChange unsignedInt r 60
LowerLayers string w
Upstream boolean r {upstream}
MACAddress string r {mac}
MaxBitRate int w -1 ; -1..
CurrentBitRate unsignedInt r 1000
DuplexMode string w Auto ; Half|Full|Auto
Device.Ethernet.Interface.{i}.Stats.
BytesSent unsignedLong r 1048576
BytesReceived unsignedLong r 2097152
PacketsSent unsignedLong r 4096
PacketsReceived unsignedLong r 8192
ErrorsSent unsignedInt r 0
ErrorsReceived unsignedInt r 0
"""

NETWORK = """
Device.Ethernet.
InterfaceNumberOfEntries unsignedInt r 3
LinkNumberOfEntries unsignedInt r 0
Device.IP.
IPv4Capable boolean r true
IPv4Enable boolean w true
IPv4Status string r Enabled
IPv6Capable boolean r true
IPv6Enable boolean w false
IPv6Status string r Disabled
InterfaceNumberOfEntries unsignedInt r 2
Device.IP.Interface.1.
Enable boolean w true
IPv4Enable boolean w true
Status string r Up
Alias string w cpe-lan
Name string r br-lan
LowerLayers string w Device.Ethernet.Interface.1.
Router string w Device.Routing.Router.1.
Type string r Normal
MaxMTUSize unsignedInt w 1500 ; 64..65535
IPv4AddressNumberOfEntries unsignedInt r 1
Device.IP.Interface.1.IPv4Address.1.
Enable boolean w true
Status string r Enabled
Alias string w cpe-lan-address
IPAddress string w 192.168.1.1 ; ipv4
SubnetMask string w 255.255.255.0 ; ipv4
AddressingType string r Static
Device.IP.Interface.2.
Enable boolean w true
IPv4Enable boolean w true
Status string r Up
Alias string w cpe-wan
Name string r wan0
LowerLayers string w Device.Ethernet.Interface.3.
Router string w Device.Routing.Router.1.
Type string r Normal
MaxMTUSize unsignedInt w 1500 ; 64..65535
IPv4AddressNumberOfEntries unsignedInt r 1
Device.IP.Interface.2.IPv4Address.1.
Enable boolean w true
Status string r Enabled
Alias string w cpe-wan-address
IPAddress string r {wan_ip}
SubnetMask string r 255.255.255.0
AddressingType string r DHCP
Device.Routing.
RouterNumberOfEntries unsignedInt r 1
Device.Routing.Router.1.
Enable boolean w true
Status string r Enabled
Alias string w cpe-router
IPv4ForwardingNumberOfEntries unsignedInt r 1
Device.Routing.Router.1.IPv4Forwarding.1.
Enable boolean w true
Status string r Enabled
DestIPAddress string w ; ipv4
DestSubnetMask string w ; ipv4
GatewayIPAddress string w {wan_gateway} ; ipv4
Interface string w Device.IP.Interface.2.
ForwardingMetric int w 1 ; -1..
Origin string r DHCPv4
Device.DNS.Client.
Enable boolean w true
Status string r Enabled
ServerNumberOfEntries unsignedInt r 1
Device.DNS.Client.Server.1.
Enable boolean w true
Status string r Enabled
DNSServer string w 9.9.9.9 ; ipv4
Interface string w Device.IP.Interface.2.
Type string r DHCPv4
Device.DNS.Relay.
Enable boolean w true
Status string r Enabled
ForwardNumberOfEntries unsignedInt r 0
Device.NAT.
InterfaceSettingNumberOfEntries unsignedInt r 1
PortMappingNumberOfEntries unsignedInt r 0
Device.NAT.InterfaceSetting.1.
Enable boolean w true
Status string r Enabled
Interface string w Device.IP.Interface.2.
Device.Firewall.
Enable boolean w true
Config string w High ; High|Low|Off
Version string r 1.0
Device.DHCPv4.
ClientNumberOfEntries unsignedInt r 1
Device.DHCPv4.Client.1.
Enable boolean w true
Alias string w cpe-wan-dhcp
Interface string w Device.IP.Interface.2.
Status string r Enabled
DHCPStatus string r Bound
IPAddress string r {wan_ip}
SubnetMask string r 255.255.255.0
IPRouters string r {wan_gateway}
DNSServers string r 9.9.9.9,1.1.1.1
LeaseTimeRemaining int r 43200
Device.DHCPv4.Server.
Enable boolean w true
PoolNumberOfEntries unsignedInt r 1
Device.DHCPv4.Server.Pool.1.
Enable boolean w true
Status string r Enabled
Alias string w cpe-pool
Order unsignedInt w 1 ; 1..
Interface string w Device.IP.Interface.1.
VendorClassID string w ; len ..255
MinAddress string w 192.168.1.100 ; ipv4
MaxAddress string w 192.168.1.199 ; ipv4
ReservedAddresses string w ; ipv4s
SubnetMask string w 255.255.255.0 ; ipv4
DNSServers string w 192.168.1.1 ; ipv4s
DomainName string w home ; len ..64
IPRouters string w 192.168.1.1 ; ipv4s
LeaseTime int w 86400 ; -1..
StaticAddressNumberOfEntries unsignedInt r 1
OptionNumberOfEntries unsignedInt r 0
ClientNumberOfEntries unsignedInt r 0
Device.DHCPv4.Server.Pool.1.StaticAddress.1.
Enable boolean w true
Alias string w cpe-reserved-1
Chaddr string w ; mac
Yiaddr string w ; ipv4
"""

RADIO = """
Device.WiFi.Radio.{i}.
Enable boolean w true
Status string r Up
Alias string w cpe-radio-{i}
Name string r wlan{i}
MaxBitRate unsignedInt r {rate}
SupportedFrequencyBands string r {band}
OperatingFrequencyBand string w {band} ; {band}
SupportedStandards string r {standards}
OperatingStandards string w {standards}
PossibleChannels string r {channels}
Channel unsignedInt w {channel} ; 1..255
AutoChannelSupported boolean r true
AutoChannelEnable boolean w true
OperatingChannelBandwidth string w {width} ; 20MHz|40MHz|80MHz|160MHz|Auto
CurrentOperatingChannelBandwidth string r {width}
TransmitPowerSupported string r 25,50,75,100
TransmitPower int w 100 ; 25|50|75|100|-1
RegulatoryDomain string w PL ; len 2..3
Device.WiFi.SSID.{i}.
Enable boolean w true
Status string r Up
Alias string w cpe-ssid-{i}
Name string r wlan{i}
LowerLayers string w Device.WiFi.Radio.{i}.
BSSID string r {mac}
MACAddress string r {mac}
SSID string w {ssid} ; len 1..32
Device.WiFi.AccessPoint.{i}.
Enable boolean w true
Status string r Enabled
Alias string w cpe-ap-{i}
SSIDReference string w Device.WiFi.SSID.{i}.
SSIDAdvertisementEnabled boolean w true
IsolationEnable boolean w false
MaxAssociatedDevices unsignedInt w 32
MACAddressControlEnabled boolean w false
AllowedMACAddress string w ; macs
X_02CF01_DeniedMACAddress string w ; macs
AssociatedDeviceNumberOfEntries unsignedInt r {associated}
Device.WiFi.AccessPoint.{i}.Security.
ModesSupported string r None,WPA2-Personal,WPA3-Personal,WPA3-Personal-Transition
ModeEnabled string w WPA2-Personal ; None|WPA2-Personal|WPA3-Personal|WPA3-Personal-Transition
KeyPassphrase string h correct-horse-{serial} ; len 8..63
SAEPassphrase string h ; len ..63
RekeyingInterval unsignedInt w 3600
MFPConfig string w Optional ; Disabled|Optional|Required
"""

ASSOCIATED = """
Device.WiFi.AccessPoint.{ap}.AssociatedDevice.{i}.
MACAddress string r {mac}
OperatingStandard string r {standard}
AuthenticationState boolean r true
LastDataDownlinkRate unsignedInt r {rate}
LastDataUplinkRate unsignedInt r {rate}
SignalStrength int r {signal}
Retransmissions unsignedInt r 2
Active boolean r false
"""

HOST = """
Device.Hosts.Host.{i}.
Alias string w cpe-host-{i}
PhysAddress string r {mac}
IPAddress string r
DHCPClient string r
AddressSource string r {source}
LeaseTimeRemaining int r 0
AssociatedDevice string r {associated}
Layer1Interface string r {layer1}
Layer3Interface string r Device.IP.Interface.1.
HostName string r {name}
Active boolean r false
"""

CLIENT = """
Device.DHCPv4.Server.Pool.1.Client.{i}.
Alias string w cpe-client-{i}
Chaddr string r {mac}
Active boolean r false
"""

# Tables that the ACS may add rows to and delete rows from (`rows.read_rows`).
ROWS = """
Device.NAT.PortMapping.{i}. 32 PortMappingNumberOfEntries
Enable boolean w false
Status string r Disabled
Alias string w cpe-port-mapping-{i}
AllInterfaces boolean w false
LeaseDuration unsignedInt w 0
ExternalPort unsignedInt w 0 ; ..65535
ExternalPortEndRange unsignedInt w 0 ; ..65535
InternalPort unsignedInt w 0 ; ..65535
Protocol string w TCP ; TCP|UDP
RemoteHost string w ; ipv4
InternalClient string w ; len ..256
Interface string w
Description string w ; len ..256
Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}. 16 StaticAddressNumberOfEntries
Enable boolean w false
Alias string w cpe-reserved-{i}
Chaddr string w ; mac
Yiaddr string w ; ipv4
Device.DNS.Client.Server.{i}. 4 ServerNumberOfEntries
Enable boolean w false
Status string r Enabled
Alias string w cpe-dns-{i}
DNSServer string w ; ipv4
Interface string w
Type string r Static
"""
