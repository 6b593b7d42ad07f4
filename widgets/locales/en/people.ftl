### Logins and roles, for the pages for staff and the page at /.

staff-login = Login
staff-password = Password
role-customer = customer
role-agent = agent
role-operator = operator
role-author = author
role-supervisor = supervisor
role-administrator = administrator
