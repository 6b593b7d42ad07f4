### Słowa stron dla zespołu, obok tych, które mówią wszystkie ekrany.

## Logowanie, role
staff-sign-in = Zaloguj się
staff-other-role = Jesteś w roli: { $role }, a ta strona służy do innej pracy. Zaloguj się innym loginem, aby przejść dalej.
failure-wrong-login = Login lub hasło nie pasuje.
failure-already-taken = Inna osoba była szybsza i ma teraz tę rozmowę.
failure-next-already-taken = Możesz czytać dalej i zostawić notatkę tylko dla zespołu.
failure-not-yours = Ta rozmowa nie jest teraz Twoja.
failure-no-run = Nie ma przepływu, do którego można wrócić.
conversation-state-open = w toku
conversation-state-escalated = u człowieka
conversation-state-ended = zakończona
channel-customer = w aplikacji
channel-operator = przez operatora
channel-agent = przez telefon
said-note = Notatka prywatna: { $name }

## Konsultant
agent-title = Careflow · Konsultant
agent-sign-in = Scenariusz rozmowy
agent-sign-in-lead = Zaloguj się, aby znaleźć klienta i prowadzić rozmowę według scenariusza.
find-heading = Kto jest na linii?
find-hint = Telefon, nazwisko, adres lub numer seryjny
find-count = { $n ->
    [one] Znaleziono { $n } klienta
   *[other] Znaleziono { $n } klientów
}
find-none = Nikt nie pasuje. Spróbuj części numeru telefonu, ulicy albo numeru seryjnego routera.
find-empty = Nie ma jeszcze żadnych klientów.
find-no-router = jeszcze bez routera
find-back = Inny klient
facts-customer = Klient
facts-phone = Telefon
facts-address = Adres
facts-plan = Plan
facts-no-plan = brak
facts-language = Mówi po
facts-router = Router
facts-model = Model
facts-serial = Numer seryjny
facts-software = Oprogramowanie
facts-contact = Ostatni kontakt
facts-visits = Wcześniej
facts-open-router = Otwórz ten router
facts-no-visits = Nie było wcześniejszych kontaktów.
script-choose = O co chodzi?
script-choose-lead = Wybierz to, co opisuje { $name }. Przy każdym kroku zobaczysz, co powiedzieć.
script-starts = Rozpoczyna scenariusz
script-no-router = Ten klient nie ma jeszcze routera, więc nie ma czego sprawdzać.
script-none = Nie opublikowano jeszcze scenariusza dla konsultantów.
script-label = Scenariusz
script-back = Opuść scenariusz
script-say = Powiedz
script-say-working = Właśnie nad tym pracuję; zwykle trwa to: { $span }.
script-ask = Zapytaj
script-listen-for = Wysłuchaj
script-do = Zrób
script-if-asked = Gdy zapyta
script-why-not = { $n ->
    [one] Dlaczego nie inny krok?
    [few] Dlaczego nie { $n } inne kroki?
   *[other] Dlaczego nie { $n } innych kroków?
}
script-missing = Jeszcze nie wiadomo: { $names }.
script-number-keys = Odpowiadaj klawiszami cyfr
script-hand-over = Przekaż operatorowi
script-waiting-operator = Przejmie to operator. Zobaczy wszystko, co dotąd ustalono.
script-with-operator = Teraz odpowiada operator. Możesz zostać na linii i patrzeć.
script-wait = Trwa praca nad routerem. Odpowiedzi pojawią się same.
script-over = Ten scenariusz jest zakończony.
script-history = Ta rozmowa
history-loss = Przerwa w internecie, około { $seconds } s

## Biurko
desk-title = Careflow · Biurko
desk-sign-in = Biurko operatora
desk-sign-in-lead = Zaloguj się, aby zobaczyć, kto czeka na człowieka.
desk-views = Które rozmowy
desk-view-mine = Moje
desk-view-unassigned = Wolne
desk-view-all = Wszystkie
desk-count = { $n ->
    [one] { $n } rozmowa
    [few] { $n } rozmowy
   *[other] { $n } rozmów
}
desk-empty-mine = Nie masz teraz żadnej rozmowy. Weź jedną z wolnych.
desk-empty-unassigned = Nikt nie czeka. Nowe rozmowy pojawią się tu same.
desk-empty-all = Nie było jeszcze rozmowy dla człowieka.
desk-waited = czas oczekiwania
desk-customer = Klient
desk-state-waiting = czeka
desk-state-taken = prowadzi { $name }
desk-state-resolved = zakończona
desk-state-handed-back = oddana
desk-choose = Wybierz rozmowę
desk-choose-lead = Zobaczysz, co powiedziano i co ustalono, zanim ją weźmiesz.
desk-conversation = Rozmowa
desk-found = Co ustalono
desk-take = Weź
desk-take-first = Weź rozmowę, aby napisać do klienta.
desk-to-customer = Do klienta
desk-note = Notatka prywatna
desk-write-kind = Co piszesz
desk-write-customer = Napisz do klienta
desk-write-note = Napisz notatkę, którą widzą tylko współpracownicy
desk-with-assistant = Tę rozmowę znów prowadzi asystent.
desk-closed = Ta rozmowa jest zamknięta.
desk-hand-back = Oddaj asystentowi
desk-hand-back-lead = Asystent ruszy od wybranego kroku i ponownie sprawdzi router.
desk-hand-back-step = Zacznij od kroku
desk-resolve = Zakończ
desk-resolve-lead = W kartotece klienta zostanie zapisane, jak się to skończyło.
desk-resolve-note = Notatka do kartoteki (może zostać pusta)
desk-disposition = Jak się to skończyło?
disposition-solved = Rozwiązane
disposition-technician-ordered = Zamówiono technika
disposition-equipment-replaced = Wymieniono sprzęt
disposition-customer-will-call = Klient zadzwoni ponownie
disposition-not-reproducible = Nie udało się odtworzyć
disposition-other = { $name }
reason-asked = Prośba o człowieka
reason-information-only = Potrzebne działanie człowieka
reason-uncertain = Zmiany nie dało się potwierdzić
reason-step-failed = Krok się nie powiódł
reason-nothing-left = Wyczerpano możliwości
reason-too-many-steps = Rozmowa krążyła w kółko
reason-other = Potrzebny człowiek
found-symptom = Co nie działa
found-steps = Co sprawdzono
found-no-steps = Jeszcze niczego nie sprawdzono.
found-changes = Wprowadzone zmiany
found-no-changes = Na routerze niczego nie zmieniono.
found-answers = Udzielone odpowiedzi
found-ruled-out = Wykluczono
