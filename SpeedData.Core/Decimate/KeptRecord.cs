using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate;

/// <summary>A record of a window: a reference during its batch, a copy afterwards. Native memory; one thread.</summary>
internal sealed unsafe class KeptRecord : IDisposable
{
    /// <summary>The longest UDP payload over IPv4.</summary>
    public const int LargestRecord = 65_507;

    private readonly byte* _bytes;
    private readonly int* _marks;
    private readonly int _markCount;

    /// <param name="marks">The number of marks of the scan.</param>
    public KeptRecord(int marks)
    {
        _markCount = marks;
        _bytes = (byte*)NativeMemory.Alloc(LargestRecord);
        _marks = (int*)NativeMemory.Alloc((nuint)Math.Max(1, marks), sizeof(int));
    }

    public RecordView View { get; private set; }

    public bool Is => View.Bytes != null;

    /// <summary>
    /// Refers to a record, which stays in its place until <see cref="Keep"/>. Copies its marks, because their memory is reused
    /// sooner.
    /// </summary>
    public void Set(RecordView record)
    {
        for (int i = 0; i < _markCount; i++)
            _marks[i] = record.Marks[i];
        View = new RecordView(record.Bytes, record.Length, _marks);
    }

    public void Clear() => View = default;

    /// <summary>Copies the record, because its own memory is about to be reused.</summary>
    public void Keep()
    {
        if (View.Bytes == _bytes || !Is)
            return;
        NativeMemory.Copy(View.Bytes, _bytes, (nuint)View.Length);
        View = new RecordView(_bytes, View.Length, _marks);
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_marks);
    }
}
