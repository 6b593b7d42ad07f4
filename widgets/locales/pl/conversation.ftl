# Co mówi sama rozmowa, obok tekstów procedury.
conversation-buttons-please = Dziękuję, zanotowałem. Najszybciej pomogę przez przyciski poniżej; w każdej chwili może też odpowiedzieć człowiek.
conversation-person-coming = Oczywiście. Przekazuję wszystko, co dotąd ustaliliśmy, więc nic nie trzeba powtarzać.
conversation-taken = { $name } widzi wszystko, co dotąd ustaliliśmy.
conversation-resolved = Jesteśmy tu zawsze, gdy będziesz nas potrzebować.
conversation-handed-back = Prowadzę dalej i sprawdzam router jeszcze raz.
conversation-restart = Zacznij od nowa

answer-missing = Wybierz lub wpisz odpowiedź.
answer-not-offered = Wybierz jedną z podanych odpowiedzi.
answer-not-text = Wpisz tekst.
answer-too-long = Zmieść odpowiedź w { $limit } znakach.
answer-unknown-field = To nie należy do pytania.
