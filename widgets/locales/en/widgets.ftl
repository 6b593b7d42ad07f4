### What the widgets say of themselves, on the server for text and in the browser for pictures.

channels-count = { $n ->
    [0] No other network.
    [one] 1 other network.
   *[other] { $n } other networks.
}
channels-own = Yours is on channel { $channel }.
channels-best = Least busy: channel { $channel }.
channels-line = { $name }: channel { $channel }
channels-hidden = Hidden network
hops-count = { $n ->
    [0] Nobody answered on the way.
    [one] One step on the way.
   *[other] { $n } steps on the way.
}
hops-last = The last one answered in { $time } ms.
hops-silent = no answer
measured-average_ms = Average
measured-min_ms = Fastest
measured-max_ms = Slowest
measured-success = Answered
measured-failure = Lost
measured-mbps = Speed
measured-down_mbps = Download
measured-up_mbps = Upload
measured-bytes = Amount
measured-signal_dbm = Signal

## In the picture
picture-table = Show as a table ({ $n })
channels-you = You
channels-best-mark = Best: { $channel }
channels-network = Network
channels-channel = Channel
channels-signal = Signal
channels-width = Width
hops-number = Step
hops-who = Who answered
hops-time = Time
measured-at-least = should be { $amount } or more
measured-at-most = should be { $amount } or less
