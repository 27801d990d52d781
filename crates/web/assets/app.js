// Improves pages that work without it: themes, menus, questions, lists, keys, times. Nothing here is required.
