"""The MongoDB test server as pymongo, an official client, sees it.

usage: pymongo_client.py CONNECTION_STRING DATABASE SCENARIO; without a scenario it lists them.
"""

import datetime
import sys
import threading

import pymongo
from bson import Binary, Decimal128, Int64, ObjectId
from pymongo.errors import BulkWriteError, CursorNotFound, DuplicateKeyError, OperationFailure


def documents_come_back_as_they_went(things):
    everything = {
        "_id": "x", "z": 1, "a": Int64(1), "double": 3.0, "decimal": Decimal128("12.50"), "none": None, "text": "æ日🦀",
        "date": datetime.datetime(2026, 2, 28, 23, 59, 59, 999000), "id": ObjectId(), "binary": b"\0\xff", "typed": Binary(b"x", 128),
        "list": [1, "two", [], {}], "nested": {"b": {"c": None}},
    }
    things.insert_one(everything)
    found = things.find_one({"_id": "x"})
    assert found == everything and list(found) == list(everything), found
    assert [type(value) for value in found.values()] == [type(value) for value in everything.values()], found


def queries_filter_sort_skip_limit_and_project(things):
    things.insert_many([{"_id": number, "even": number % 2 == 0, "at": {"n": number}} for number in range(20)])
    found = things.find({"even": True, "at.n": {"$gte": 4, "$lt": 18}}, {"at": 1, "_id": 0}).sort("at.n", -1).skip(1).limit(2)
    assert list(found) == [{"at": {"n": 14}}, {"at": {"n": 12}}]
    assert things.count_documents({"_id": {"$in": [1, 2, 99]}}) == 2
    assert things.distinct("even") == [False, True]
    assert list(things.aggregate([{"$match": {"even": True}}, {"$group": {"_id": None, "n": {"$sum": 1}}}])) == [{"_id": None, "n": 10}]


def a_cursor_gives_everything_over_many_batches(things):
    things.insert_many([{"_id": number} for number in range(1000)])
    assert [thing["_id"] for thing in things.find(batch_size=7).sort("_id", 1)] == list(range(1000))


def a_cursor_that_was_killed_is_not_found(things):
    things.insert_many([{"_id": number} for number in range(100)])
    cursor = things.find(batch_size=10)
    next(cursor)
    things.database.command("killCursors", things.name, cursors=[cursor.cursor_id])
    try:
        list(cursor)
    except CursorNotFound as lost:
        assert lost.code == 43
    else:
        raise AssertionError("the cursor lives")


def a_second_document_with_the_same_key_is_refused(things):
    things.create_index([("lab", 1), ("seq", 1)], unique=True, name="key")
    things.create_index("open", unique=True, partialFilterExpression={"open": True})
    things.insert_many([{"_id": 1, "lab": "x", "seq": 1, "open": True}, {"_id": 2, "lab": "x", "seq": 2, "open": False}])
    for refused in ({"_id": 1, "seq": 9}, {"lab": "x", "seq": 2}, {"seq": 3, "open": True}):
        try:
            things.insert_one(refused)
        except DuplicateKeyError as duplicate:
            assert duplicate.code == 11000
        else:
            raise AssertionError(refused)
    assert sorted(things.index_information()) == ["_id_", "key", "open_1"]


def an_unordered_batch_names_every_failure(things):
    things.insert_one({"_id": 2})
    try:
        things.bulk_write([pymongo.InsertOne({"_id": number}) for number in (1, 2, 3, 2)], ordered=False)
    except BulkWriteError as failed:
        assert [(error["index"], error["code"]) for error in failed.details["writeErrors"]] == [(1, 11000), (3, 11000)]
        assert failed.details["nInserted"] == 2
    else:
        raise AssertionError("nothing failed")


def a_late_conditional_upsert_loses(things):
    def put(version):
        return pymongo.ReplaceOne({"_id": "a", "v": {"$lt": version}}, {"v": version}, upsert=True)

    assert things.bulk_write([put(3)], ordered=False).upserted_ids == {0: "a"}
    try:
        things.bulk_write([put(2), put(4)], ordered=False)
    except BulkWriteError as failed:
        assert [error["code"] for error in failed.details["writeErrors"]] == [11000]
    assert things.find_one() == {"_id": "a", "v": 4}


def find_one_and_update_decides_a_race(things):
    things.insert_one({"_id": "ledger", "version": 0})
    won = []

    def take(writer):
        if things.find_one_and_update({"_id": "ledger", "version": 0}, {"$set": {"version": 1, "writer": writer}}):
            won.append(writer)

    threads = [threading.Thread(target=take, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and things.find_one()["writer"] == won[0], won


def updates_change_what_they_name(things):
    things.insert_one({"_id": 1, "n": Int64(1), "old": 1, "tags": ["a"]})
    result = things.update_one({"_id": 1}, {"$inc": {"n": 2}, "$unset": {"old": ""}, "$addToSet": {"tags": "b"}, "$set": {"at.x": 1}})
    assert (result.matched_count, result.modified_count) == (1, 1)
    found = things.find_one()
    assert found == {"_id": 1, "n": 3, "tags": ["a", "b"], "at": {"x": 1}} and type(found["n"]) is Int64, found
    assert things.update_many({"n": 3}, {"$set": {"n": Int64(3)}}).modified_count == 0
    assert things.delete_many({"at.x": 1}).deleted_count == 1


def unknown_things_are_refused(things):
    for command, code in (({"noSuchCommand": 1}, 59), ({"getMore": Int64(1), "collection": "x"}, 43)):
        try:
            things.database.command(command)
        except OperationFailure as refused:
            assert refused.code == code, refused
        else:
            raise AssertionError(command)
    try:
        list(things.find({"a": {"$noSuchOperator": 1}}))
    except OperationFailure as refused:
        assert refused.code == 2, refused


SCENARIOS = {name: function for name, function in list(globals().items()) if getattr(function, "__module__", "") == "__main__"}

if __name__ == "__main__":
    if len(sys.argv) < 4:
        print("\n".join(SCENARIOS))
    else:
        _, connection_string, database, scenario = sys.argv
        with pymongo.MongoClient(connection_string) as client:
            SCENARIOS[scenario](client[database].things)
