# Co mówi sama rozmowa, obok tekstów procedury.
conversation-buttons-please = Dziękuję, zanotowałem. Najszybciej pomogę przez przyciski poniżej; w każdej chwili może też odpowiedzieć człowiek.
conversation-person-coming = Oczywiście. Przekazuję wszystko, co dotąd ustaliliśmy, więc nic nie trzeba powtarzać.
conversation-taken = { $name } widzi wszystko, co dotąd ustaliliśmy.
conversation-resolved = Jesteśmy tu zawsze, gdy będziesz nas potrzebować.
conversation-handed-back = Prowadzę dalej i sprawdzam router jeszcze raz.
conversation-restart = Zacznij od nowa

answer-missing = Wybierz lub wpisz odpowiedź.
answer-not-yes-or-no = Wybierz tak albo nie.
answer-not-a-number = Wpisz liczbę całkowitą.
answer-too-small = Wpisz co najmniej { $limit }.
answer-too-large = Wpisz najwyżej { $limit }.
answer-not-a-path = Wpisz pełną nazwę parametru, od samego początku.
answer-does-not-fit = Zapis jest inny, niż powinien.
answer-no-such-file = Tego pliku już nie ma albo jest innego rodzaju.
answer-no-way-back = Tej zmiany nie da się cofnąć.
answer-not-offered = Wybierz jedną z podanych odpowiedzi.
answer-not-text = Wpisz tekst.
answer-too-long = Zmieść odpowiedź w { $limit } znakach.
answer-unknown-field = To nie należy do pytania.
