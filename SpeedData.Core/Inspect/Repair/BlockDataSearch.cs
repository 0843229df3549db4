using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>A possible position of the data of a damaged block.</summary>
/// <param name="Offset">Offset of the data, which ends at the block's sync marker.</param>
/// <param name="Stated">The record count before the data; -1 if it is not a number.</param>
internal readonly record struct DataGuess(long Offset, long Stated);

/// <summary>
/// Finds possible positions of the data of a block whose count or size is damaged, given the block's start and its sync marker. The data
/// may follow any number that equals the distance from there to the marker. If the count is readable, the data may also follow a size of
/// the only length that fits. The length of a text near the block's end matches as well, so the caller checks each guess against the
/// schema.
/// </summary>
internal static class BlockDataSearch
{
    /// <param name="reader">The file.</param>
    /// <param name="place">The damaged part and its marker.</param>
    /// <returns>The guesses, likeliest first.</returns>
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
