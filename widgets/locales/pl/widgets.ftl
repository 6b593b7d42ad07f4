### Co mówią o sobie elementy: na serwerze jako tekst, w przeglądarce jako obraz.

channels-count = { $n ->
    [0] Nie ma innych sieci.
    [one] { $n } inna sieć.
    [few] { $n } inne sieci.
   *[other] { $n } innych sieci.
}
channels-own = Twoja jest na kanale { $channel }.
channels-best = Najmniej zajęty: kanał { $channel }.
channels-line = { $name }: kanał { $channel }
channels-hidden = Sieć ukryta
hops-count = { $n ->
    [0] Nikt nie odpowiedział po drodze.
    [one] { $n } krok po drodze.
    [few] { $n } kroki po drodze.
   *[other] { $n } kroków po drodze.
}
hops-last = Ostatni odpowiedział w { $time } ms.
hops-silent = brak odpowiedzi
measured-average_ms = Średnio
measured-min_ms = Najszybciej
measured-max_ms = Najwolniej
measured-success = Odpowiedzi
measured-failure = Utracone
measured-mbps = Prędkość
measured-down_mbps = Pobieranie
measured-up_mbps = Wysyłanie
measured-bytes = Ilość danych
measured-signal_dbm = Sygnał

## Na obrazku
picture-table = Pokaż jako tabelę ({ $n })
channels-you = Ty
channels-best-mark = Najlepszy: { $channel }
channels-network = Sieć
channels-channel = Kanał
channels-signal = Sygnał
channels-width = Szerokość
hops-number = Krok
hops-who = Kto odpowiedział
hops-time = Czas
measured-at-least = powinno być co najmniej { $amount }
measured-at-most = powinno być najwyżej { $amount }
