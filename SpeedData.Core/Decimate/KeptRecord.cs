using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate;

/// <summary>A record of a window: in place while its batch lasts, a copy afterwards. Native memory; one thread.</summary>
internal sealed unsafe class KeptRecord : IDisposable
{
    /// <summary>The longest UDP payload over IPv4.</summary>
    public const int LargestRecord = 65_507;

    private readonly byte* _bytes;
    private readonly int* _marks;
    private readonly int _markCount;

    /// <param name="marks">Marks of its scan.</param>
    public KeptRecord(int marks)
    {
        _markCount = marks;
        _bytes = (byte*)NativeMemory.Alloc(LargestRecord);
        _marks = (int*)NativeMemory.Alloc((nuint)Math.Max(1, marks), sizeof(int));
    }

    public RecordView View { get; private set; }

    public bool Is => View.Bytes != null;

    /// <summary>The record lies where it is until <see cref="Keep"/>; its marks are soon those of another.</summary>
    public void Set(RecordView record)
    {
        for (int i = 0; i < _markCount; i++)
            _marks[i] = record.Marks[i];
        View = new RecordView(record.Bytes, record.Length, _marks);
    }

    public void Clear() => View = default;

    /// <summary>The record's own memory is about to be used again.</summary>
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
