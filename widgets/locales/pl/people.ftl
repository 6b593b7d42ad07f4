### Loginy i role, dla stron zespołu i strony pod /.

staff-login = Login
staff-password = Hasło
role-customer = klient
role-agent = konsultant
role-operator = operator
role-author = autor
role-supervisor = kierownik
role-administrator = administrator
