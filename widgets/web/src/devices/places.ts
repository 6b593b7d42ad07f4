// Where the search of the list is kept while one looks at a router, so that the way back leads to it.
export const LIST = "careflow.routers";
