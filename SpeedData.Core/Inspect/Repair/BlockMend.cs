using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Finds the data of a block whose numbers are damaged, from where it begins and where its sync marker stands: a size that leads
/// exactly to the marker vouches for itself, whatever the count is; else, where the count can be read, there is only one size
/// whose own bytes fit between.
/// </summary>
internal static class BlockMend
{
    /// <param name="reader">The file.</param>
    /// <param name="place">The damage, with its marker.</param>
    /// <returns>The data's offset and length; null where neither can be told.</returns>
    public static (long Offset, long Length)? FindData(ContainerReader reader, in Place place)
    {
        ReadOnlySpan<byte> numbers = reader.Bytes(place.Offset, 2 * Varint.MaxBytes);
        for (int used = 1; used <= Math.Min(Varint.MaxBytes, numbers.Length - 1); used++)
        {
            int length = Varint.Measure(numbers[used..]);
            if (length > 0 && Varint.Decode(numbers.Slice(used, length)) is >= 0 and var size && place.Offset + used + length == place.Marker - size)
                return (place.Marker - size, size);
        }

        return Varint.Measure(numbers) is > 0 and var count ? BehindCount(place.Offset + count, place.Marker) : null;
    }

    private static (long Offset, long Length)? BehindCount(long at, long marker)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxBytes];
        for (int length = 1; length <= Varint.MaxBytes && at + length <= marker; length++)
        {
            if (Varint.Write(bytes, marker - at - length) == length)
                return (at + length, marker - at - length);
        }

        return null;
    }
}
