### Jak się ma router, w jednym zdaniu.
device-never-heard = Nie mamy jeszcze żadnej wiadomości od Twojego routera.
device-not-heard = Od dłuższego czasu nie mamy wiadomości od Twojego routera. Sprawdź, proszę, czy jest włączony.
device-wifi-off = Twój router jest w sieci, a jego WiFi jest wyłączone.
device-dhcp-off = Twój router jest w sieci, ale nowe urządzenia mogą nie dostać od niego adresu.
device-heard = Twój router jest w sieci.
device-all-right = Twój router jest w sieci, a WiFi i przydzielanie adresów są włączone.

## To samo, powiedziane zespołowi
device-staff-never-heard = Router jeszcze się nie odezwał.
device-staff-not-heard = Router od dłuższego czasu się nie odzywa. Może być wyłączony albo bez łącza.
device-staff-wifi-off = Router jest w sieci, a jego WiFi jest wyłączone.
device-staff-dhcp-off = Router jest w sieci, ale nowe urządzenia mogą nie dostać od niego adresu.
device-staff-heard = Router jest w sieci.
device-staff-all-right = Router jest w sieci, a jego WiFi i przydzielanie adresów są włączone.
