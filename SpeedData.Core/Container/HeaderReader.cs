using System.Text;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>
/// Reads the header of a container file from bytes that may be anything. It bounds memory and time, and throws nothing. A ref struct
/// for one use.
/// </summary>
internal ref struct HeaderReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>The largest header that is read, far more than any header needs. Most of a header is the schema.</summary>
    public const int MaxLength = 32 << 20;

    private const int MaxEntries = 10_000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Reads the header at the start of the bytes.</summary>
    /// <param name="isWhole">Whether these bytes are the whole file.</param>
    /// <param name="fault">What is wrong if the result is null.</param>
    public ContainerHeader? Read(bool isWhole, out ContainerFault? fault)
    {
        fault = null;
        var metadata = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        ReadOnlySpan<byte> magic = Take(ContainerHeader.Magic.Length, out bool ended);
        string? why = ended || magic.SequenceEqual(ContainerHeader.Magic) ? null : "it does not begin with \"Obj\" and 1, as an Avro container file does";
        ended |= why is null && !ended && !Entries(metadata, ref why);
        ReadOnlySpan<byte> sync = default;
        if (why is null && !ended)
            sync = Take(ContainerHeader.SyncLength, out ended);
        if (why is null && !ended)
            return new ContainerHeader(metadata, sync.ToArray(), _at);
        fault = why is not null ? new ContainerFault(ContainerFaultKind.BadHeader, _at, why)
            : isWhole ? new ContainerFault(ContainerFaultKind.HeaderTruncated, _bytes.Length, "the file ends inside its header")
            : new ContainerFault(ContainerFaultKind.BadHeader, _at, $"its header is larger than {MaxLength:N0} bytes");
        return null;
    }

    /// <summary>Reads the metadata: a map, in blocks.</summary>
    /// <returns>False if the bytes end, or if <paramref name="why"/> has a fault.</returns>
    private bool Entries(Dictionary<string, byte[]> metadata, ref string? why)
    {
        // Counted here instead of by the dictionary, because the same key may be repeated endlessly.
        long most = MaxEntries;
        while (true)
        {
            if (!Number(out long count, ref why))
                return false;
            if (count == 0)
                return true;
            // The block's size in bytes follows a negative count. It is not needed here.
            if (count < 0 && !Number(out _, ref why))
                return false;
            if (count == long.MinValue || Math.Abs(count) > most)
            {
                why = $"its metadata has more than {MaxEntries:N0} entries";
                return false;
            }

            most -= Math.Abs(count);
            for (long i = Math.Abs(count); i > 0; i--)
            {
                if (!Bytes(out ReadOnlySpan<byte> key, ref why) || !Bytes(out ReadOnlySpan<byte> value, ref why))
                    return false;
                metadata[Encoding.UTF8.GetString(key)] = value.ToArray();
            }
        }
    }

    private bool Bytes(out ReadOnlySpan<byte> value, ref string? why)
    {
        value = default;
        if (!Number(out long length, ref why))
            return false;
        if (length is < 0 or > MaxLength)
        {
            why = $"its metadata states a length of {length:N0}";
            return false;
        }

        value = Take((int)length, out bool ended);
        return !ended;
    }

    private bool Number(out long value, ref string? why)
    {
        value = 0;
        int length = Varint.Measure(_bytes[_at..]);
        if (length == Varint.TooLong)
            why = "its metadata has a count or length that is not a number";
        if (length <= 0)
            return false;
        value = Varint.Decode(_bytes.Slice(_at, length));
        _at += length;
        return true;
    }

    private ReadOnlySpan<byte> Take(int length, out bool ended)
    {
        ended = length > _bytes.Length - _at;
        if (ended)
            return default;
        ReadOnlySpan<byte> taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }
}
