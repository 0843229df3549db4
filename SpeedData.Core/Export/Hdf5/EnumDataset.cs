using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Text;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Symbols as an HDF5 enum. A missing value is the first symbol.</summary>
/// <typeparam name="T">An enum of int.</typeparam>
internal sealed class EnumDataset<T>(Hdf5Place place, IReadOnlyList<string> symbols) : Hdf5Column<T>(place)
    where T : unmanaged, Enum
{
    private readonly byte[][] _symbols = [.. symbols.Select(Encoding.UTF8.GetBytes)];
    private int _last;

    protected override void Take(Column column, int first, Span<T> room)
    {
        var texts = (BytesColumn)column;
        Span<int> numbers = MemoryMarshal.Cast<T, int>(room);
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = column.IsNull(first + i) ? 0 : NumberOf(texts.Of(first + i));
    }

    private int NumberOf(ReadOnlySpan<byte> symbol)
    {
        if (symbol.SequenceEqual(_symbols[_last]))
            return _last;
        for (int i = 0; i < _symbols.Length; i++)
        {
            if (symbol.SequenceEqual(_symbols[i]))
                return _last = i;
        }

        throw new InvalidOperationException($"'{Encoding.UTF8.GetString(symbol)}' is not a symbol of the enum");
    }
}

/// <summary>Creates a .NET enum for each list of symbols, because the library derives HDF5 enums from .NET enums.</summary>
internal static class EnumDatasets
{
    // An HDF5 type must fit in a message of 64 KiB: a header, then the name, a NUL and the number of each symbol.
    private const int MostBytes = ushort.MaxValue, HeadBytes = 64;

    /// <returns>Null if the symbols do not fit in an HDF5 type.</returns>
    public static Hdf5Column? TryCreate(Hdf5Place place, IReadOnlyList<string> symbols)
    {
        if (HeadBytes + symbols.Sum(symbol => Encoding.UTF8.GetByteCount(symbol) + 1 + sizeof(int)) > MostBytes)
            return null;
        ModuleBuilder module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("symbols"), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule("symbols");
        EnumBuilder builder = module.DefineEnum("Symbols", TypeAttributes.Public, typeof(int));
        for (int i = 0; i < symbols.Count; i++)
            builder.DefineLiteral(symbols[i], i);
        return (Hdf5Column)Activator.CreateInstance(typeof(EnumDataset<>).MakeGenericType(builder.CreateType()), place, symbols)!;
    }
}
