"""Places where documents pick objects say of which kind these are."""

from synthesis.presses import looked_at
from synthesis.telling import told

from recorder.synthesis.graphs.documents import calls_of
from recorder.synthesis.graphs.places import places_of, spelled, stem


def test_places_are_of_the_kinds_that_their_fields_name():
    found = {place.name: (place.role, place.kind) for place in looked_at().places.values() if place.is_object}
    assert found["Query.author"] == found["Query.authors"] == found["Query.book.author"] == ("item", "Author")
    assert found["Query.books"] == ("page", "Book")
    assert found["Query.books.items"] == found["Query.author.books"] == ("item", "Book")
    assert found["Mutation.addBook"] == ("held", "Book")


def test_what_is_called_otherwise_and_looks_the_same_is_the_same():
    text = "{ users { id name } posts { id text writer { id name } } }"
    users = [{"id": "1", "name": "Ada"}, {"id": "2", "name": "Bo"}]
    posts = [{"id": "1", "text": "x", "writer": users[1]}, {"id": "2", "text": "y", "writer": users[0]}]
    calls = calls_of(told(("POST", "/g", {"query": text}, 200, {"data": {"users": users, "posts": posts}})))
    places = places_of([one for call in calls for one in call.asked])
    assert places["Query", "posts", "writer"].kind == places["Query", "users"].kind == "User"
    assert places["Query", "posts"].kind == "Post"


def test_names_of_fields_say_what_is_there():
    assert stem(("Query", "_allAlbumsMeta")) == "album"
    assert stem(("Query", "postsConnection", "edges", "node")) == "post"
    assert stem(("Query", "userByEmail")) == "user"
    assert spelled(("Mutation", "createTodoItem")) == spelled(("Query", "todoItems")) == "TodoItem"
