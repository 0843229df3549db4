using System.Text;
using SpeedData.Tests.Container;
using SpeedData.Tests.Schema;

namespace SpeedData.Tests.Fuzz;

/// <summary>A generated container file and its records.</summary>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="Codec">Codec of the file.</param>
/// <param name="Records">Records of each block.</param>
internal sealed record MadeFile(byte[] Bytes, string Codec, IReadOnlyList<byte[][]> Records);

/// <summary>Makes random container files with every type of record, every codec and any shape of header.</summary>
internal static class RandomFile
{
    private static readonly string[] Codecs = ["null", "deflate", "zstandard", "snappy", "bzip2", "xz"];

    /// <summary>Makes a file without faults.</summary>
    public static MadeFile Any(Random random)
    {
        string schema = RandomSchema.Any(random), codec = Codecs[random.Next(Codecs.Length)];
        var oracle = new Oracle(schema);
        ContainerBuilder file = Header(random, schema, codec);
        var blocks = new List<byte[][]>();
        for (int i = random.Next(5); i > 0; i--)
        {
            byte[][] records = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => oracle.Encode(random))];
            file.Block(codec, records.Length, records.SelectMany(record => record).ToArray());
            blocks.Add(records);
        }

        return new MadeFile(file.Bytes, codec, blocks);
    }

    /// <summary>Makes a well-formed file with harmful content.</summary>
    public static byte[] Hostile(Random random)
    {
        string codec = Codecs[random.Next(Codecs.Length)];
        string schema = HostileSchema(random);
        ContainerBuilder file = random.Next(10) == 0 ? Header(random, schema, "no-such-codec") : Header(random, schema, codec);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            long count = random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64) : random.Next(100);
            byte[] data = new byte[random.Next(1 << random.Next(17))];
            if (random.Next(2) == 0)
                random.NextBytes(data);
            if (random.Next(300) == 0)
                file.Frame(count, Bomb.Of(codec));
            else if (random.Next(3) == 0)
                file.Frame(count, data);
            else
                file.Block(codec, count, data);
        }

        return file.Bytes;
    }

    private static ContainerBuilder Header(Random random, string schema, string codec)
    {
        var entries = new List<(string, string)> { ("avro.schema", schema), ("user.x", new string('y', random.Next(20))) };
        if (codec != "null" || random.Next(2) == 0)
            entries.Add(("avro.codec", codec));
        if (random.Next(3) == 0)
            entries.Add(("speeddata.channel", "bench"));
        (string, string)[] shuffled = [.. entries];
        random.Shuffle(shuffled);
        ContainerBuilder file = new ContainerBuilder().Magic();
        int cut = random.Next(shuffled.Length + 1);
        foreach ((string, string)[] part in new[] { shuffled[..cut], shuffled[cut..] })
        {
            if (part.Length > 0)
                file.Entries(random.Next(2) == 0 ? part.Length : -part.Length, part);
        }

        return file.EndHeader();
    }

    private static string HostileSchema(Random random)
    {
        int depth = 1 << random.Next(1, 13);
        return random.Next(9) switch
        {
            0 => string.Concat(Enumerable.Repeat("""{"type":"array","items":""", depth)) + "\"null\"" + new string('}', depth),
            1 => Doubling(random.Next(1, 64)),
            2 => """{"type":"record","name":"a","fields":[{"name":"a","type":"a"}]}""",
            3 => """{"type":"record","name":"a","fields":[{"name":"b","type":["null",{"type":"array","items":"a"}]}]}""",
            4 => """{"type":"array","items":"null"}""",
            5 => $$"""{"type":"fixed","name":"f","size":{{random.NextInt64()}}}""",
            6 => $$"""{"type":"record","name":"w","fields":[{{string.Join(',', Enumerable.Range(0, depth).Select(i => $$"""{"name":"f{{i}}","type":"long"}"""))}}]}""",
            7 => new string('[', depth),
            _ => Encoding.UTF8.GetString(Mutation.Of(Encoding.UTF8.GetBytes(RandomSchema.Any(random)), random)),
        };
    }

    /// <summary>Makes a schema of nested records that each contain the next one twice: 2^n values from a few bytes of schema.</summary>
    private static string Doubling(int levels)
    {
        var text = new StringBuilder();
        for (int i = 0; i < levels; i++)
            text.Append($$"""{"type":"record","name":"d{{i}}","fields":[{"name":"a","type":""");
        text.Append("\"int\"");
        for (int i = levels - 1; i >= 0; i--)
            text.Append($$"""},{"name":"b","type":{{(i == levels - 1 ? "\"int\"" : $"\"d{i + 1}\"")}}}]}""");
        return text.ToString();
    }
}
