namespace SpeedData.Tests.Reading;

/// <summary>Schemas as others write them: every type, every logical type, names in namespaces, and rare constructs.</summary>
internal static class ForeignSchemas
{
    /// <summary>Schemas by the construct that they show.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["interop"] = """{"type":"record","name":"Interop","namespace":"org.apache.avro","fields":[{"name":"intField","type":"int"},{"name":"longField","type":"long"},{"name":"stringField","type":"string"},{"name":"boolField","type":"boolean"},{"name":"floatField","type":"float"},{"name":"doubleField","type":"double"},{"name":"bytesField","type":"bytes"},{"name":"nullField","type":"null"},{"name":"arrayField","type":{"type":"array","items":"double"}},{"name":"mapField","type":{"type":"map","values":{"type":"record","name":"Foo","fields":[{"name":"label","type":"string"}]}}},{"name":"enumField","type":{"type":"enum","name":"Kind","symbols":["A","B","C"]}},{"name":"fixedField","type":{"type":"fixed","name":"MD5","size":16}},{"name":"recordField","type":{"type":"record","name":"Node","fields":[{"name":"label","type":"string"},{"name":"children","type":{"type":"array","items":"Node"}}]}}]}""",
        ["weather"] = """{"type":"record","name":"Weather","namespace":"test","doc":"A weather reading.","fields":[{"name":"station","type":"string","order":"ignore"},{"name":"time","type":"long"},{"name":"temp","type":"int"}]}""",
        ["primitives"] = Record("""{"name":"n","type":"null"},{"name":"b","type":"boolean"},{"name":"i","type":"int"},{"name":"l","type":"long"},{"name":"f","type":"float"},{"name":"d","type":"double"},{"name":"y","type":"bytes"},{"name":"s","type":"string"}"""),
        ["primitives as objects"] = Record("""{"name":"b","type":{"type":"boolean"}},{"name":"i","type":{"type":"int"}},{"name":"s","type":{"type":"string","avro.java.string":"String"}},{"name":"d","type":{"type":"double"}}"""),
        ["nullable"] = Record("""{"name":"b","type":["null","boolean"]},{"name":"i","type":["null","int"],"default":null},{"name":"l","type":["long","null"],"default":0},{"name":"f","type":["null","float"]},{"name":"d","type":["double","null"]},{"name":"y","type":["null","bytes"]},{"name":"s","type":["null","string"]}"""),
        ["nullable records"] = Record("""{"name":"o","type":["null",{"type":"record","name":"o1","fields":[{"name":"x","type":"double"},{"name":"p","type":["null",{"type":"record","name":"o2","fields":[{"name":"y","type":"int"}]}]}]}]}"""),
        ["unions"] = Record("""{"name":"u","type":["null","string","long"]},{"name":"v","type":["string","boolean"]},{"name":"one","type":["double"]}"""),
        ["enums"] = Record("""{"name":"e","type":{"type":"enum","name":"colour","symbols":["RED","GREEN","BLUE"],"default":"RED"}},{"name":"again","type":"colour"},{"name":"o","type":["null","colour"]}"""),
        ["fixed"] = Record("""{"name":"one","type":{"type":"fixed","name":"f1","size":1}},{"name":"many","type":{"type":"fixed","name":"f300","size":300}},{"name":"again","type":"f1"}"""),
        ["arrays"] = Record("""{"name":"i","type":{"type":"array","items":"int"}},{"name":"s","type":{"type":"array","items":"string"}},{"name":"o","type":{"type":"array","items":["null","double"]}},{"name":"deep","type":{"type":"array","items":{"type":"array","items":"long"}}}"""),
        ["maps"] = Record("""{"name":"i","type":{"type":"map","values":"int"}},{"name":"deep","type":{"type":"map","values":{"type":"map","values":"string"}}},{"name":"a","type":{"type":"map","values":{"type":"array","items":"double"}}}"""),
        ["records"] = Record("""{"name":"a","type":{"type":"record","name":"ra","fields":[{"name":"b","type":{"type":"record","name":"rb","fields":[{"name":"c","type":{"type":"record","name":"rc","fields":[{"name":"d","type":"double"}]}}]}},{"name":"x","type":"int"}]}},{"name":"again","type":"rb"}"""),
        ["recursive"] = """{"type":"record","name":"list","fields":[{"name":"value","type":"long"},{"name":"next","type":["null","list"]}]}""",
        ["names"] = """{"type":"record","name":"com.example.a.Top","aliases":["Old"],"fields":[{"name":"x","type":{"type":"fixed","name":"com.example.b.Id","size":4},"aliases":["old_x"]},{"name":"y","type":"com.example.b.Id"},{"name":"z","type":{"type":"enum","name":"Mode","symbols":["ON","OFF"]}},{"name":"w","type":"com.example.a.Mode"}]}""",
        ["defaults"] = Record("""{"name":"i","type":"int","default":7},{"name":"s","type":"string","default":"ä\"\\"},{"name":"a","type":{"type":"array","items":"int"},"default":[]},{"name":"y","type":"bytes","default":"\u00ff"}"""),
        ["timestamps"] = Record("""{"name":"ms","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"us","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"date","type":{"type":"int","logicalType":"date"}},{"name":"tms","type":{"type":"int","logicalType":"time-millis"}},{"name":"tus","type":{"type":"long","logicalType":"time-micros"}}"""),
        ["other logical types"] = Record("""{"name":"unknown","type":{"type":"long","logicalType":"furlongs"}},{"name":"local","type":{"type":"long","logicalType":"local-timestamp-millis"}},{"name":"span","type":{"type":"fixed","name":"span","size":12,"logicalType":"duration"}}"""),
        ["nothing in it"] = Record("""{"name":"n","type":"null"},{"name":"l","type":"long"},{"name":"r","type":{"type":"record","name":"empty","fields":[]}}"""),
        ["names of columns"] = Record("""{"name":"time","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"source","type":"string"},{"name":"elapsed","type":"double"},{"name":"count","type":"int"}"""),
        ["many fields"] = Record(string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"name":"f{{i}}","type":"{{(i % 3 == 0 ? "int" : i % 3 == 1 ? "double" : "string")}}"}"""))),
    };

    private static string Record(string fields) => $$"""{"type":"record","name":"r","fields":[{{fields}}]}""";
}
