### Co przebieg mówi własnymi słowami. Teksty autorów są w scenariuszach.

## Bieżący stan kroku
stage-contact = Łączę się z routerem
state-contacting = Łączę się z routerem
state-waiting = Router chwilowo nie odpowiada. Ruszę dalej, gdy tylko się zgłosi.
state-running = Pracuję na routerze
state-pause = Daję routerowi chwilę
state-done = Gotowe
state-failed = Ten krok nie został ukończony
state-timed-out = Router nie odpowiedział na czas
progress-accepted = Router przyjął polecenie
progress-transferring = Plik jest w drodze
progress-transferred = Plik dotarł na miejsce
progress-measuring = Router mierzy
progress-answered = Router skończył i mówi, jak poszło

## Wyniki
result-success = { $title }: gotowe.
result-warning = { $title }: jest coś, na co warto spojrzeć.
result-error = { $title }: to się nie powiodło.
finding-unreachable = Nie udało się połączyć z routerem i niczego nie zmieniono. Proszę sprawdzić, czy jest włączony.
finding-unreachable-changed = Router przestał odpowiadać, zanim krok się skończył.
finding-uncertain = Nie mam pewności, czy zmiana dotarła do routera, więc sprawdzi to nasz pracownik.
finding-refused = Router nie przyjął polecenia. { $why } Niczego nie zmieniono.
finding-refused-changed = Router nie przyjął wszystkich zmian. { $why }
finding-stopped = Coś poszło nie tak po naszej stronie, więc ten krok został przerwany. Niczego nie zmieniono.
finding-stopped-changed = Coś poszło nie tak po naszej stronie, więc ten krok został przerwany przed końcem.
finding-cancelled = Ten krok został zatrzymany, zanim się zaczął. Niczego nie zmieniono.
finding-cancelled-changed = Ten krok został zatrzymany przed końcem.

## Cofanie
undo = Cofnij: { $title }
undo-of = Cofnięcie: { $title }
stage-undo-read = Odczytuję, co router ma teraz
stage-undo-write = Przywracam poprzednie ustawienia
stage-undo-verify = Odczytuję je jeszcze raz dla pewności
finding-undone = Gotowe: router ma znów poprzednie ustawienia.
finding-undone-partly = Części nie dało się przywrócić, bo router nigdy nie powiedział, co było wcześniej: { $label }.
finding-changed-since = To zmieniono jeszcze raz później, więc zostaje tak, jak jest: { $label }.
finding-undo-not-applied = Poprzednie ustawienia zostały wysłane, a router nadal pokazuje inne: { $label }.

## Pytania
offer-one = Oto moja propozycja.
offer-several = Oto, co mogę zrobić. Co wybierasz?
consent-question = Czy mam to zrobić?
consent-yes = Tak, proszę
consent-no = Nie teraz
answer-continue = Dalej
nothing-changed = Niczego nie zmieniono.

## Przekazanie człowiekowi
escalate-information = Dalej poprowadzi to nasz pracownik. Widzi wszystko, co znaleźliśmy.
escalate-nothing-left = Zrobiłem, co mogę. Dalej poprowadzi to nasz pracownik. Widzi wszystko, co znaleźliśmy.
escalate-uncertain = Chcę mieć pewność co do routera, więc spojrzy na to nasz pracownik.
escalate-step-failed = Coś poszło nie tak po naszej stronie. Dalej poprowadzi to nasz pracownik.
escalate-too-many-steps = Kręcimy się w kółko. Dalej poprowadzi to nasz pracownik.

## Koniec
ended-success = Wszystko gotowe.
ended-warning = To wszystko, co mogę teraz sprawdzić.
ended-error = Nie udało mi się tego naprawić.
ended-cancelled = Ta rozmowa jest zakończona. W każdej chwili można zacząć od nowa.
ended-expired = Długo nie było odpowiedzi, więc ta rozmowa została zamknięta. Można zacząć od nowa w każdej chwili.
restart = Zacznij od nowa

## Dla konsultantów
prompt-offer-say = Dziękuję za informację. Oto, co możemy zrobić dalej.
prompt-offer-ask-one = Robimy to?
prompt-offer-ask = Co wybieramy?
why-condition = Nie pasuje do tego, co ustalono.
why-unknown = Jeszcze nie wiadomo: { $missing }

## Co wynik mówi o żądaniu
reading-parameter = Parametr
reading-label = Ustawienie
reading-why = Co to znaczy
reading-fault_code = Kod błędu
reading-fault_text = Odpowiedź routera
reading-missing = Nieznane
reading-reason = Powód

## Co zmieniono w routerze i droga powrotna
undo-state-possible = Można cofnąć
undo-state-done = Cofnięto
undo-state-running = W trakcie cofania
undo-state-impossible = Nie da się cofnąć: router nigdy nie powiedział, co było wcześniej
undo-state-kept = Nie ma czego cofać: router pozostał przy swoim
undo-state-left = Nie podlega cofnięciu
change-by-careflow = Careflow
change-by-unknown = Ktoś, kogo już u nas nie ma
