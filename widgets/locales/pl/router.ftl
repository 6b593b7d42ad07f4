### Co mówi strona o routerach, dla zespołu.

## Szukanie
router-title = Careflow · Routery
router-sign-in = Routery
router-sign-in-lead = Zaloguj się, aby znaleźć router, zobaczyć jego stan i nim się zająć.
router-find = Znajdź router
router-find-words = Szukaj
router-find-hint = Numer seryjny, klient, adres, model…
router-find-none = Żaden router nie pasuje. Spróbuj początku numeru seryjnego, nazwiska lub adresu albo usuń filtr.
router-find-empty = Nie zgłosił się jeszcze żaden router. Gdy to zrobi, pojawi się tutaj.
router-count = { $n ->
    [one] { $n } router
    [few] { $n } routery
   *[other] { $n } routerów
}
router-count-many = { $n } routerów i więcej
router-filters = Filtry
router-filter-model = Model
router-filter-firmware = Oprogramowanie
router-filter-tag = Etykieta
router-filter-state = Stan
router-filter-any = Dowolny
router-filter-clear = Usuń wszystkie filtry
router-state-online = Połączony
router-state-offline = Bez kontaktu
router-state-excellent = Doskonały
router-state-good = Dobry
router-state-fair = Średni
router-state-poor = Słaby
router-state-unknown = Jeszcze nieznany
router-state-quarantined = Wstrzymany
router-unnamed = Router bez nazwy
router-no-customer = Niczyj
router-firmware-of = Oprogramowanie { $version }
router-back = Wszystkie routery
router-span-days = { $days ->
    [one] { $days } dzień
   *[other] { $days } dni
} { $hours } godz.
router-choose = Wybierz

## Jeden router
router-parts = Części tej strony
router-tab-overview = Przegląd
router-tab-actions = Działania
router-tab-model = Model danych
router-tab-changes = Zmiany
router-tab-tasks = Zadania
router-tab-sessions = Sesje
router-tab-files = Pliki
router-health = Jak się ma
router-wifi = WiFi
router-no-wifi = WiFi nie zostało jeszcze odczytane.
router-on = włączone
router-off = wyłączone
router-channel = kanał { $channel }
router-channel-auto = kanał { $channel }, wybrany samoczynnie
router-hosts = W domu
router-hosts-count = Teraz w sieci: { $here } z { $n }.
router-firmware = Oprogramowanie
router-firmware-newest = Nie ma nowszego dla tego modelu.
router-firmware-offered = Do tego routera pasuje wersja { $version }.
router-firmware-install = Zainstaluj { $version }
router-backup = Ostatnia kopia
router-backup-at = { $when } ({ $ago })
router-no-backup = Nie ma jeszcze kopii ustawień.
router-contact = Łączność
router-address = Zgłosił się z adresu
router-uptime = Działa od
router-wake = Budzenie
router-technical = Dane techniczne
router-maker = Producent
router-product-class = Klasa produktu
router-hardware = Sprzęt
router-data-model = Model danych
router-profile = Profil producenta
router-profile-none = brak
router-quirks = { $n ->
    [one] { $n } osobliwość
    [few] { $n } osobliwości
   *[other] { $n } osobliwości
}
router-tags = Etykiety
router-no-tags = Brak etykiet.
router-tag-new = Nowa etykieta
router-tag-add = Dodaj
router-tag-remove = Zdejmij etykietę { $tag }
router-held = Ten router jest wstrzymany
router-held-lead = Zgłosił się z danymi, które same nie wystarczają. Nic nie jest z niego czytane ani w nim zapisywane, dopóki go nie wpuścisz.
router-held-ask = Zgłosił się z danymi, które same nie wystarczają. Wpuścić go może kierownik.
router-admit = Wpuść
router-admit-lead = Od następnego zgłoszenia { $serial } jest czytany i obsługiwany jak każdy inny router.
router-admit-find = Znajdź klienta, do którego należy
router-admit-whose = Czyj to router?
router-knocked = Odesłany
router-knocked-at = { $when } ({ $ago }), z hasłem fabrycznym
router-reopen = Pozwól mu wejść na nowo
router-reopen-lead = Zrób to tylko wtedy, gdy router został zresetowany. Dopóki nie ma znów własnego hasła, w jego imieniu mógłby wejść każdy, kto zna wspólne hasło takich routerów. Zapisujemy, kto, kiedy i dlaczego.
router-reopen-why = Dlaczego?
router-reopened = Przy następnym zgłoszeniu może wejść z hasłem fabrycznym.

## Co można zrobić
router-group-check = Sprawdzenie
router-group-repair = Naprawa
router-group-file = Pliki
router-group-power = Zasilanie
router-group-other = Więcej
router-no-operations = Na tym routerze nie można teraz niczego stąd uruchomić.
router-not-now = Teraz nie jest to możliwe.
router-run = Przebieg
router-run-start = Uruchom
router-run-close = Zamknij
router-run-writes = To zmienia router. Co zostało zmienione, jest w Zmianach.
router-run-drops = Dom będzie bez internetu przez około { $span }
router-run-stays-on = Internet w domu pozostaje włączony
router-no-fitting-file = Nie ma pasującego pliku. Pliki są w zakładce Pliki; tworzy je też kopia ustawień.

## Model danych
router-model-find = Szukaj w modelu danych
router-model-hint = Część ścieżki lub wartości
router-model-empty = Z tego routera nic jeszcze nie odczytano. Odczytaj go, aby zobaczyć tu wartości.
router-branch-empty = Niczego poniżej jeszcze nie odczytano. Odczytaj to z routera, aby zobaczyć.
router-model-none = Niczego takiego nie ma w ścieżkach ani wartościach.
router-read-all = Odczytaj wszystko z routera
router-read = Odczytaj ponownie
router-read-this = Odczytaj ponownie z routera: { $path }
router-reading = { $n ->
    [one] Zapytano router. Wartości pojawią się same, gdy odpowie.
    [few] Zapytano router o { $n } rzeczy. Wartości pojawią się same, gdy odpowie.
   *[other] Zapytano router o { $n } rzeczy. Wartości pojawią się same, gdy odpowie.
}
router-read-expired = Router nie zgłosił się na czas, więc nic nie odczytano.
router-not-read = jeszcze nieodczytane
router-value-empty = (puste)
router-secret = tajne
router-read-only = tylko do odczytu
router-change = Zmień
router-new-value = Nowa wartość
router-write = Zapisz
router-type-text = tekst
router-type-number = liczba całkowita
router-type-whole = liczba całkowita od 0
router-type-switch = tak lub nie
router-type-moment = chwila, np. 2026-01-31T12:00:00Z
router-type-bytes = bajty jako base64 lub cyfry szesnastkowe
router-reveal = Pokaż
router-hide = Ukryj
router-reveal-reason = Po co chcesz to zobaczyć?
router-reveal-kept = Zapisujemy, kto, kiedy i po co.
router-entry-add = Dodaj pozycję do { $path }
router-entry-delete = Usuń pozycję { $path }

## Zmiany
router-no-changes = Stąd nic jeszcze nie zmieniono w tym routerze.
router-undo = Przywróć

## Zadania
router-no-tasks = Od tego routera nic jeszcze nie chciano.
router-task-queued = czeka
router-task-sent = wysłane
router-task-running = w toku
router-task-done = wykonane
router-task-expired = zabrakło czasu
router-task-failed = nie udało się
router-task-cancel-this = Anuluj: { $what }
router-task-left = { $ago } · zostało { $left }
router-task-took = { $when } · trwało { $took }
router-under-a-second = mniej niż sekundę

## Sesje
router-no-sessions = Nie ma jeszcze żadnej sesji. Następne zgłoszenie routera pojawi się tutaj.
router-session-size = { $n ->
    [one] { $n } wiadomość
    [few] { $n } wiadomości
   *[other] { $n } wiadomości
}, od routera { $in }, do routera { $out }
router-ending-open = trwa
router-ending-well = dobrze
router-ending-silent = zamilkł
router-ending-failed = nie udała się
router-ending-superseded = zastąpiona nowszą
router-event-0-bootstrap = pierwsze zgłoszenie
router-event-1-boot = uruchomienie
router-event-2-periodic = według planu
router-event-3-scheduled = jak zlecono
router-event-4-value-change = zmieniła się wartość
router-event-5-kicked = na prośbę strony
router-event-6-connection-request = obudzony przez nas
router-event-7-transfer-complete = koniec przesyłania
router-event-8-diagnostics-complete = koniec testu
router-event-m-reboot = uruchomiony ponownie, jak zlecono
router-event-m-scheduleinform = zgłosił się, jak zlecono
router-event-m-download = pobrał, jak zlecono
router-event-m-upload = wysłał, jak zlecono
router-event-other = { $code }
router-no-messages = Wiadomości tej sesji nie są już przechowywane.
router-messages-missing = { $n ->
    [one] { $n } wiadomości nie zachowano.
   *[other] { $n } wiadomości nie zachowano.
}
router-message-in = Od routera
router-message-out = Do routera
router-message-empty = Pusta wiadomość
router-message-nothing = Nic w niej nie ma albo była zbyt duża, by ją zachować.

## Pliki
router-library = Oprogramowanie i pliki
router-library-none = Nie ma jeszcze niczego tego rodzaju. Powyżej możesz wysłać obraz oprogramowania.
router-files-own = Z tego routera
router-files-own-none = Nie ma jeszcze kopii ani dziennika tego routera.
router-files-fitting = Pasujące oprogramowanie
router-files-fitting-none = Żaden obraz nie pasuje do tego modelu. Wyślij go na stronie Oprogramowanie i pliki.
router-file-kind = Rodzaj
router-file-firmware = Oprogramowanie
router-file-configuration = Kopia ustawień
router-file-log = Dziennik
router-file-other = Inny
router-file-runs = działa teraz
router-file-models = dla { $models }
router-file-delete = Usuń
router-file-delete-this = Usuń { $name }
router-file-delete-lead = „{ $name }” zostanie usunięty na zawsze. Router, który go właśnie pobiera, może przerwać.
router-download = Pobierz
router-download-this = Pobierz { $name }
router-install-here = Zainstaluj tutaj
router-restore-here = Przywróć tutaj
router-upload = Wyślij obraz oprogramowania
router-upload-file = Plik
router-upload-version = Wersja
router-upload-models = Modele
router-upload-models-hint = Tak, jak podają routery, po przecinku. „Model@B2” jest tylko dla sprzętu B2.
router-upload-go = Wyślij
router-upload-no-file = Wybierz plik.
router-upload-no-version = Wpisz wersję taką, jaką zgłosi router.
router-upload-no-models = Wpisz, dla których modeli jest ten plik.
router-uploading = Wysyłanie
router-uploaded = Plik { $name } jest zapisany.
failure-not-cancellable = Tego nie można już zatrzymać: router to ma.

## Jak daleko jest zadanie
router-progress-accepted = Router przyjął zlecenie
router-progress-transferring = Przesyłam plik
router-progress-measuring = Mierzę
router-progress-answered = Router odpowiedział
router-progress-other = W toku
router-progress-of = { $phase }: { $done } z { $total }
