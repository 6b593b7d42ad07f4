"""The objects of both data models that carry out a diagnosis, as text that `parameter.read_table` reads.

Paths and types are those of TR-181 2.16 and TR-098 1.8 (TR-143 for the speed tests). HOP and NEIGHBOUR are
the parameters of one row of what was found. TR-098 has no survey of neighbours, so the maker of the
simulated TR-098 router has one of its own.
"""

DIAGNOSTICS_181 = """
Device.IP.Diagnostics.
IPv4PingSupported boolean r true
IPv4TraceRouteSupported boolean r true
IPv4DownloadDiagnosticsSupported boolean r true
IPv4UploadDiagnosticsSupported boolean r true
Device.IP.Diagnostics.IPPing.
DiagnosticsState string w None ; None|Requested|Canceled
Interface string w
ProtocolVersion string w Any ; Any|IPv4|IPv6
Host string w ; len ..256
NumberOfRepetitions unsignedInt w 3 ; 1..
Timeout unsignedInt w 1000 ; 1..
DataBlockSize unsignedInt w 64 ; 1..65535
DSCP unsignedInt w 0 ; ..63
IPAddressUsed string r
SuccessCount unsignedInt r 0
FailureCount unsignedInt r 0
AverageResponseTime unsignedInt r 0
MinimumResponseTime unsignedInt r 0
MaximumResponseTime unsignedInt r 0
Device.IP.Diagnostics.TraceRoute.
DiagnosticsState string w None ; None|Requested|Canceled
Interface string w
ProtocolVersion string w Any ; Any|IPv4|IPv6
Host string w ; len ..256
NumberOfTries unsignedInt w 3 ; 1..3
Timeout unsignedInt w 5000 ; 1..
DataBlockSize unsignedInt w 38 ; 1..65535
DSCP unsignedInt w 0 ; ..63
MaxHopCount unsignedInt w 30 ; 1..64
IPAddressUsed string r
ResponseTime unsignedInt r 0
RouteHopsNumberOfEntries unsignedInt r 0
Device.IP.Diagnostics.DownloadDiagnostics.
DiagnosticsState string w None ; None|Requested|Canceled
Interface string w
DownloadURL string w ; len ..2048
DownloadTransports string r HTTP
DownloadDiagnosticMaxConnections unsignedInt r 1
DSCP unsignedInt w 0 ; ..63
EthernetPriority unsignedInt w 0 ; ..7
NumberOfConnections unsignedInt w 1 ; 1..1
IPAddressUsed string r
ROMTime dateTime r 0001-01-01T00:00:00Z
BOMTime dateTime r 0001-01-01T00:00:00Z
EOMTime dateTime r 0001-01-01T00:00:00Z
TestBytesReceived unsignedInt r 0
TotalBytesReceived unsignedInt r 0
TCPOpenRequestTime dateTime r 0001-01-01T00:00:00Z
TCPOpenResponseTime dateTime r 0001-01-01T00:00:00Z
Device.IP.Diagnostics.UploadDiagnostics.
DiagnosticsState string w None ; None|Requested|Canceled
Interface string w
UploadURL string w ; len ..2048
UploadTransports string r HTTP
UploadDiagnosticsMaxConnections unsignedInt r 1
DSCP unsignedInt w 0 ; ..63
EthernetPriority unsignedInt w 0 ; ..7
TestFileLength unsignedInt w 0
NumberOfConnections unsignedInt w 1 ; 1..1
IPAddressUsed string r
ROMTime dateTime r 0001-01-01T00:00:00Z
BOMTime dateTime r 0001-01-01T00:00:00Z
EOMTime dateTime r 0001-01-01T00:00:00Z
TestBytesSent unsignedInt r 0
TotalBytesSent unsignedInt r 0
TCPOpenRequestTime dateTime r 0001-01-01T00:00:00Z
TCPOpenResponseTime dateTime r 0001-01-01T00:00:00Z
Device.WiFi.NeighboringWiFiDiagnostic.
DiagnosticsState string w None ; None|Requested|Canceled
ResultNumberOfEntries unsignedInt r 0
"""

HOP_181 = """
Host string r
HostAddress string r
ErrorCode unsignedInt r 0
RTTimes string r
"""
NEIGHBOUR_181 = """
Radio string r
SSID string r
BSSID string r
Mode string r Infrastructure
Channel unsignedInt r 0
SignalStrength int r 0
SecurityModeEnabled string r WPA2
EncryptionMode string r AES
OperatingFrequencyBand string r
OperatingStandards string r n
OperatingChannelBandwidth string r
BeaconPeriod unsignedInt r 100
Noise int r 0
DTIMPeriod unsignedInt r 1
"""

DIAGNOSTICS_098 = """
InternetGatewayDevice.IPPingDiagnostics.
DiagnosticsState string w None ; None|Requested
Interface string w
Host string w ; len ..256
NumberOfRepetitions unsignedInt w 3 ; 1..
Timeout unsignedInt w 1000 ; 1..
DataBlockSize unsignedInt w 64 ; 1..65535
DSCP unsignedInt w 0 ; ..63
SuccessCount unsignedInt r 0
FailureCount unsignedInt r 0
AverageResponseTime unsignedInt r 0
MinimumResponseTime unsignedInt r 0
MaximumResponseTime unsignedInt r 0
InternetGatewayDevice.TraceRouteDiagnostics.
DiagnosticsState string w None ; None|Requested
Interface string w
Host string w ; len ..256
NumberOfTries unsignedInt w 3 ; 1..3
Timeout unsignedInt w 5000 ; 1..
DataBlockSize unsignedInt w 38 ; 1..65535
DSCP unsignedInt w 0 ; ..63
MaxHopCount unsignedInt w 30 ; 1..64
ResponseTime unsignedInt r 0
RouteHopsNumberOfEntries unsignedInt r 0
InternetGatewayDevice.DownloadDiagnostics.
DiagnosticsState string w None ; None|Requested
Interface string w
DownloadURL string w ; len ..2048
DSCP unsignedInt w 0 ; ..63
EthernetPriority unsignedInt w 0 ; ..7
ROMTime dateTime r 0001-01-01T00:00:00Z
BOMTime dateTime r 0001-01-01T00:00:00Z
EOMTime dateTime r 0001-01-01T00:00:00Z
TestBytesReceived unsignedInt r 0
TotalBytesReceived unsignedInt r 0
TCPOpenRequestTime dateTime r 0001-01-01T00:00:00Z
TCPOpenResponseTime dateTime r 0001-01-01T00:00:00Z
InternetGatewayDevice.UploadDiagnostics.
DiagnosticsState string w None ; None|Requested
Interface string w
UploadURL string w ; len ..2048
DSCP unsignedInt w 0 ; ..63
EthernetPriority unsignedInt w 0 ; ..7
TestFileLength unsignedInt w 0
ROMTime dateTime r 0001-01-01T00:00:00Z
BOMTime dateTime r 0001-01-01T00:00:00Z
EOMTime dateTime r 0001-01-01T00:00:00Z
TotalBytesSent unsignedInt r 0
TCPOpenRequestTime dateTime r 0001-01-01T00:00:00Z
TCPOpenResponseTime dateTime r 0001-01-01T00:00:00Z
InternetGatewayDevice.LANDevice.1.X_02CF02_WiFiSurvey.
DiagnosticsState string w None ; None|Requested
ResultNumberOfEntries unsignedInt r 0
"""

HOP_098 = """
HopHost string r
HopHostAddress string r
HopErrorCode unsignedInt r 0
HopRTTimes string r
"""
NEIGHBOUR_098 = """
SSID string r
BSSID string r
Band string r
Channel unsignedInt r 0
RSSI int r 0
Noise int r 0
Bandwidth string r
Security string r WPA2
"""
