def test_it(estate):
    r = estate.person("resident1")
    print(estate.kind, r.call("security", "me")["name"])
