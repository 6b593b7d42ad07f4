### Co serwer mówi na stronie routera, dla pracowników: zadania, wiadomości, stan.

## O co poproszono router
order-more = { $first } i { $n } więcej
order-GetParameterValues = Odczytaj { $what }
order-SetParameterValues = Zapisz { $what }
order-GetParameterNames = Sprawdź, co jest w { $what }
order-AddObject = Dodaj wpis do { $what }
order-DeleteObject = Usuń wpis { $what }
order-SetParameterAttributes = Poproś o wiadomość, gdy zmieni się { $what }
order-Reboot = Uruchom ponownie
order-FactoryReset = Przywróć ustawienia fabryczne
order-ScheduleInform = Poproś o kontakt za { $span }
order-Download = Wyślij plik: { $what }
order-Upload = Pobierz plik: { $what }
order-Diagnose = Zmierz przez { $what }
order-AwaitContact = Poczekaj na następny kontakt
order-GetRPCMethods = Zapytaj, jakie polecenia zna
order-everything = wszystko
order-file-firmware = oprogramowanie
order-file-configuration = ustawienia
order-file-log = dziennik
order-by-first-contact = Pierwszy kontakt
order-by-careflow = Careflow
order-by-customer = Klient
order-by-former = Osoba, która już tu nie pracuje
order-timed-out = Router nie odezwał się na czas. Nic nie zostało zmienione.
order-uncertain = Router przestał odpowiadać, więc nie wiadomo, czy to się stało.
order-cancelled = Wycofano, zanim router to dostał.
order-unknown-fault = Router odmówił i podał własny kod.

## Jego wiadomości
message-empty-in = Nie ma nic więcej do powiedzenia.
message-empty-out = Tu kończy się sesja.
message-Inform = Zgłasza się: { $events }. Podaje { $n ->
    [one] jedną wartość
    [few] { $n } wartości
   *[other] { $n } wartości
}.
message-InformResponse = Odpowiadamy na powitanie.
message-values = Podaje { $n ->
    [one] jedną wartość: { $what }
    [few] { $n } wartości: { $what }
   *[other] { $n } wartości: { $what }
}
message-names = Podaje { $n ->
    [one] jedną nazwę: { $what }
    [few] { $n } nazwy: { $what }
   *[other] { $n } nazw: { $what }
}
message-done = Zrobione.
message-done-later = Zrobi to i da znać, gdy skończy.
message-instance = Nowy wpis ma numer { $n }.
message-methods = Zna { $n ->
    [one] jedno polecenie
    [few] { $n } polecenia
   *[other] { $n } poleceń
}.
message-fault = Odmawia: { $code } { $why }
message-transfer-well = Przesłanie { $key } się udało.
message-transfer-fault = Przesłanie { $key } się nie powiodło: { $code } { $why }
message-heard = Przyjęliśmy to do wiadomości.
message-asks = Prosi o { $what }.
message-other = { $method }
message-unreadable = Tej wiadomości nie dało się odczytać.
message-not-kept = Ta wiadomość była zbyt duża, żeby ją zachować.

## Jak się ma
device-wake-http = W każdej chwili można poprosić go o kontakt.
device-wake-udp = Stoi za innym routerem i jest proszony przez UDP.
device-wake-none = Nie można poprosić go o kontakt, więc polecenia czekają, aż sam się odezwie.
device-wake-none-every = Nie można poprosić go o kontakt. Sam odzywa się co { $span }.
device-wake-later = Nie można jeszcze poprosić go o kontakt: dostanie potrzebne do tego hasło, gdy sam się odezwie.
device-wake-later-every = Nie można jeszcze poprosić go o kontakt: dostanie potrzebne do tego hasło, gdy sam się odezwie, co robi co { $span }.
device-wake-held = Dopóki jest wstrzymany, nie jest proszony o kontakt.
device-knocked = Zgłosił się z hasłem fabrycznym i został odesłany, bo ma już własne. Został zresetowany? Wtedy pozwól mu wejść na nowo.
device-may-enrol = Zgłosił się z hasłem fabrycznym i został odesłany. Przy następnym zgłoszeniu może wejść na nowo.
device-quarantined = Jest wstrzymany: nic nie jest z niego odczytywane ani w nim zapisywane, dopóki nie zostanie wpuszczony.
device-says-firmware = Działa oprogramowanie { $version }.
device-says-firmware-offered = Działa oprogramowanie { $version }, a czeka na niego { $offered }.
device-says-wifi = WiFi: { $networks }.
device-says-wifi-off = Wszystkie jego sieci WiFi są wyłączone.
device-says-network = { $ssid } ({ $band })
device-says-network-channel = { $ssid } ({ $band }, kanał { $channel })
device-says-hosts = { $n ->
    [one] W domu jest teraz jedno urządzenie.
    [few] W domu są teraz { $n } urządzenia.
   *[other] W domu jest teraz { $n } urządzeń.
}
device-says-uptime = Działa od { $span }.
device-says-backup = Kopię jego ustawień zrobiono { $span } temu.
device-says-no-backup = Nie ma jeszcze kopii jego ustawień.

## Co można zrobić
operation-not-heard = Jeszcze nigdy się nie odezwał, więc o nic nie można go poprosić.
operation-quarantined = Najpierw trzeba go wpuścić.
operation-no-firmware = Nie ma dla niego nowszego oprogramowania.
operation-no-backup = Nie ma jeszcze kopii jego ustawień.
operation-no-file = Nie ma pliku, który do niego pasuje.
