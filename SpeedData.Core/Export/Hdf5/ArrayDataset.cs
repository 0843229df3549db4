using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Arrays of numbers with a length per row. A missing value is an empty array.</summary>
internal sealed class ArrayDataset<T>(Hdf5Place place) : Hdf5Column<T[]>(place)
    where T : unmanaged, INumber<T>
{
    private readonly List<T> _items = [];

    protected override void Take(Column column, int first, Span<T[]> room)
    {
        var arrays = (BytesColumn)column;
        for (int i = 0; i < room.Length; i++)
            room[i] = column.IsNull(first + i) ? [] : Items(arrays.Of(first + i));
    }

    private T[] Items(ReadOnlySpan<byte> json)
    {
        _items.Clear();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray))
                _items.Add(Item(ref reader));
        }

        return [.. _items];
    }

    private static T Item(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => T.One,
        JsonTokenType.False => T.Zero,
        JsonTokenType.String => T.CreateChecked(reader.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN }),
        _ => T.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}

/// <summary>Chooses which arrays become a dataset of arrays.</summary>
internal static class ArrayDatasets
{
    /// <returns>Null if the items are not plain numbers.</returns>
    public static Hdf5Column? TryCreate(IReadOnlyCollection<LayoutNode> arrays, Hdf5Place place)
    {
        AvroType[] items = [.. arrays.Select(array => array.Type == AvroType.Array ? array.Items!.Type : AvroType.Null).Distinct()];
        return items switch
        {
            [] => null,
            [AvroType.Boolean] => new ArrayDataset<byte>(place),
            [AvroType.Int] => new ArrayDataset<int>(place),
            [AvroType.Float] => new ArrayDataset<float>(place),
            _ when items.All(type => type is AvroType.Int or AvroType.Long) => new ArrayDataset<long>(place),
            _ when items.All(type => type is AvroType.Float or AvroType.Double) => new ArrayDataset<double>(place),
            _ => null,
        };
    }
}
