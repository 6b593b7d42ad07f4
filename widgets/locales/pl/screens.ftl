### Słowa samych ekranów. Teksty autorów są w przepływach. Strony zespołu: staff.ftl; strona pod /: landing.ftl.

## Czas
time-just-now = przed chwilą
time-seconds = { $n ->
    [one] { $n } sekundę
    [few] { $n } sekundy
   *[other] { $n } sekund
}
time-minutes = { $n ->
    [one] { $n } minutę
    [few] { $n } minuty
   *[other] { $n } minut
}
time-short-seconds = { $n } s
time-short-minutes = { $n } min
time-short-hours = { $n } godz.
value-yes = tak
value-no = nie
loading = Chwileczkę…
list-more = Pokaż więcej
dialog-cancel = Anuluj
dialog-close = Zamknij

## Pasek i menu
bar-back = Wróć na pierwszą stronę
link-live = Połączono
link-polling = Połączono, trochę wolniej
link-connecting = Łączenie…
link-offline = Brak połączenia. Próbuję dalej.
menu-open = Język i wygląd
menu-language = Język
menu-theme = Wygląd
menu-theme-system = Systemowy
menu-theme-light = Jasny
menu-theme-dark = Ciemny
menu-leave = Wyloguj się
menu-signed-in = Zalogowano

## Niepowodzenia: co się stało, czego nie zmieniono, co dalej
failure-offline = W tej chwili nie ma połączenia.
failure-server = Coś poszło nie tak po naszej stronie.
failure-forbidden = To konto nie ma do tego uprawnień.
failure-not-found = Tego już tu nie ma albo należy do kogoś innego.
failure-signed-out = Wylogowano.
failure-too-many = Trochę za szybko. Proszę odczekać { $seconds ->
    [one] { $seconds } sekundę
    [few] { $seconds } sekundy
   *[other] { $seconds } sekund
}.
failure-other = Nie udało się tego zrobić.
failure-code-too-soon = Kod został wysłany przed chwilą. O następny można poprosić za { $seconds ->
    [one] { $seconds } sekundę
    [few] { $seconds } sekundy
   *[other] { $seconds } sekund
}.
failure-codes-used-up = To już wszystkie kody na tę godzinę. Proszę spróbować później.
failure-wrong-code = Ten kod nie pasuje. Proszę go sprawdzić albo poprosić o nowy.
failure-wrong-origin = Tę stronę otwarto spod innego adresu. Proszę otworzyć ją spod zwykłego.
failure-question-closed = Na to pytanie już padła odpowiedź albo otwarte jest nowsze.
failure-action-not-offered = Tej odpowiedzi nie ma już wśród możliwych.
failure-answer-invalid = Odpowiedź nie jest jeszcze pełna.
failure-not-your-turn = Tę rozmowę prowadzi teraz inna osoba.
failure-workflow-unknown = To sprawdzenie nie jest już dostępne.
failure-nothing-changed = Niczego nie zmieniono.
failure-next-again = Za chwilę znów zadziała; proszę spróbować jeszcze raz.
failure-next-person = Można kontynuować stąd albo poprosić o rozmowę z konsultantem.
failure-retry = Spróbuj ponownie

## Logowanie
sign-in-heading = Witaj w domu
sign-in-lead = Zaloguj się numerem telefonu. Wyślemy kod; hasło nie jest potrzebne.
sign-in-phone = Twój numer telefonu
sign-in-phone-wrong = Proszę podać numer z kodem kraju, na przykład +48 600 000 001.
sign-in-send-code = Wyślij mi kod
sign-in-code-heading = Twój kod
sign-in-code-lead = Wysłaliśmy sześć cyfr na numer { $phone }. Są ważne pięć minut.
sign-in-code = Sześciocyfrowy kod
sign-in-go = Zaloguj się
sign-in-new-code = Wyślij nowy kod
sign-in-other-phone = Użyj innego numeru
sign-in-demo-code = Demo: Twój kod to
sign-in-demo-use = Użyj

## Dom
home-hello = Dzień dobry, { $name }
home-router = Twój router
home-routers = Twoje routery
home-my-router = Mój router
home-online = Połączony, ostatni kontakt: { $ago }
home-offline = Ostatni kontakt: { $ago }
home-never-heard = Jeszcze bez kontaktu
home-no-router = Na tym koncie nie ma jeszcze routera. Pojawi się tu sam, gdy zostanie podłączony.
home-wrong = Coś nie działa?
home-check-takes = Sprawdzimy to krok po kroku
home-noticed = Widzimy to w routerze. Zajmijmy się tym.
home-starting = Zaczynam…
home-no-symptoms = W tej chwili nie ma nic do wyboru. Proszę zadzwonić; pomoże konsultant.
home-fixed = Co ostatnio dla Ciebie zrobiliśmy
home-nothing-fixed = Ostatnio nie trzeba było niczego naprawiać. To, co dla Ciebie zrobimy, pojawi się tutaj.
home-earlier = Wcześniejsze rozmowy
home-continue = Wróć do przerwanej rozmowy
home-with-person = Wróć do rozmowy z konsultantem
quality-excellent = Doskonale
quality-good = Dobrze
quality-fair = Średnio
quality-poor = Słabo
quality-unknown = Jeszcze nie wiadomo

## Rozmowa
conversation-title = Pomoc z internetem
log-label = Rozmowa
log-offline = W tej chwili nie ma połączenia. Wrócę do pracy sam, gdy tylko się pojawi.
dock-label = Twoje odpowiedzi
said-by-you = Ty:
said-person = Konsultant
said-sending = Wysyłam…
answer-send = Wyślij
answers-more = { $n ->
    [one] Jeszcze { $n } odpowiedź
    [few] Jeszcze { $n } odpowiedzi
   *[other] Jeszcze { $n } odpowiedzi
}
field-optional = (może zostać puste)
person-ask = Porozmawiaj z konsultantem
write-person = Napisz wiadomość
write-send = Wyślij
waiting-person = Możesz już pisać. Możesz też opuścić tę stronę: odpowiedź będzie tu czekać.
handoff-waiting = Za chwilę dołączy konsultant
handoff-taken = { $name } już tu jest
handoff-resolved = { $name }: sprawa zakończona
handoff-handed-back = { $name } oddaje rozmowę asystentowi
ended-heading = To już wszystko
ended-home = Wróć do początku

## Praca nad routerem
step-progress = Postęp
step-usual = Zwykle trwa to: { $span } · na razie { $so_far } s
step-late = Dłużej niż zwykle · na razie { $so_far } s. Czuwam nad tym.
step-waiting = Czekam na router · na razie { $so_far } s. Jeśli się nie odezwie, przerwę i powiem, co dalej.
step-waiting-until = Czekam na niego do { $until } · na razie { $so_far } s. Jeśli się nie odezwie, powiem, co dalej.
step-queued = Czeka na swoją kolej · zwykle: { $span }
step-failed = To się nie udało. Co jest bez znaczka, nie zostało zrobione.
step-timed-out = Odpowiedź nie nadeszła na czas.
stage-done = zrobione
stage-active = w toku
stage-waiting = przed nami
stage-failed = nie udało się
loss-now-long = Internet zatrzyma się na mniej więcej { $span }. Możesz odłożyć telefon; rozmowa wznowi się sama.
loss-now = Internet na chwilę się zatrzyma. Proszę zostać na tej stronie; wrócę sam.
loss-waiting = Zaraz powinien wrócić. Sprawdzę to sam.
loss-over = Krótka przerwa już minęła.
status-success = Dobrze
status-warning = Uwaga
status-error = Nie udało się
status-in_progress = W toku
status-not_started = Nie rozpoczęto
status-none = Wynik
result-age = odczyt { $ago }
values-show = Pokaż wartości
changes-show = { $n ->
    [one] Pokaż, co zmieniono
    [few] Pokaż { $n } zmiany
   *[other] Pokaż { $n } zmian
}
change-before = przedtem:
change-after = teraz:
change-added = dodane
change-deleted = usunięte
change-verified = Odczytano ponownie: obowiązuje
change-not-kept = Odczytano ponownie: router tego nie zachował
change-unchecked = Jeszcze nie odczytano ponownie
reading-name = Co
reading-value = Wartość
reading-age = Odczyt
offer-takes = zwykle { $span }
offer-writes = najpierw zapyta o zgodę
offer-drops = przerwa w internecie: { $span }
consent-takes = Trwa zwykle { $span }
consent-drops = Przerwa w internecie: mniej więcej { $span }
consent-stays-on = Internet działa cały czas
consent-checked = Potem sprawdzę, czy się udało
hosts-here = w sieci
hosts-away = poza siecią
hosts-none = Router nie widzi teraz żadnych urządzeń.
hosts-unnamed = Urządzenie bez nazwy
hosts-table = Pokaż jako tabelę ({ $n })
hosts-name = Nazwa
hosts-ip = Adres
hosts-mac = Adres sprzętowy
hosts-state = Stan

## Jak daleko jest praca
step-counted = { $done } z { $total }
undo-ask = Przywrócić to, co zostało zmienione?
undo-lead = Zapiszę ponownie poprzednie wartości i je sprawdzę.
undo-yes = Tak, przywróć
undo-no = Zostaw
