using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>Where the data of a damaged block may lie.</summary>
/// <param name="Offset">Where it begins; it ends at the block's marker.</param>
/// <param name="Stated">Records that are stated before it; -1 where that is not a number.</param>
internal readonly record struct DataGuess(long Offset, long Stated);

/// <summary>
/// Finds where the data of a block with damaged numbers may begin, given where the block begins and where its sync marker
/// stands. It may begin behind a size that leads exactly to the marker, whatever the count; and if the count can be read, only
/// one size fits between with its own bytes. The length of a text at the end of a block leads to the marker too, so the records
/// decide which guess is right.
/// </summary>
internal static class BlockDataSearch
{
    /// <param name="reader">The file.</param>
    /// <param name="place">The damaged part, with its marker.</param>
    /// <returns>The likeliest first.</returns>
    public static List<DataGuess> Guess(ContainerReader reader, in BlockPlace place)
    {
        ReadOnlySpan<byte> numbers = reader.Bytes(place.Offset, 2 * Varint.MaxBytes);
        var guesses = new List<DataGuess>();
        for (int used = 1; used <= Math.Min(Varint.MaxBytes, numbers.Length - 1); used++)
        {
            int length = Varint.Measure(numbers[used..]);
            if (length > 0 && Varint.Decode(numbers.Slice(used, length)) is >= 0 and var size && place.Offset + used + length == place.Marker - size)
                guesses.Add(new DataGuess(place.Marker - size, CountIn(numbers[..used])));
        }

        if (Varint.Measure(numbers) is > 0 and var count && BehindCount(place.Offset + count, place.Marker) is { } offset)
            guesses.Add(new DataGuess(offset, CountIn(numbers[..count])));
        return guesses;
    }

    private static long CountIn(ReadOnlySpan<byte> bytes) =>
        Varint.Measure(bytes) == bytes.Length ? Math.Max(-1, Varint.Decode(bytes)) : -1;

    private static long? BehindCount(long at, long marker)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxBytes];
        for (int length = 1; length <= Varint.MaxBytes && at + length <= marker; length++)
        {
            if (Varint.Write(bytes, marker - at - length) == length)
                return at + length;
        }

        return null;
    }
}
