using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// Memory for the results of windows that close in one batch. The results are contiguous, so that results of one size leave as one
/// message. When it is full, the sink sends early. Native memory; one thread.
/// </summary>
/// <param name="largest">The size of the largest record in bytes.</param>
/// <param name="sink">Receives the records.</param>
internal sealed unsafe class ResultArena(int largest, IRecordSink sink) : IDisposable
{
    // A sendmmsg for every 256 KiB costs little compared with the delivery, and the results are still in the cache.
    private const int Room = 256 << 10;

    private readonly byte* _memory = (byte*)NativeMemory.Alloc((nuint)(Room + largest));
    private int _used;

    /// <summary>Returns room for the largest record.</summary>
    public byte* Begin()
    {
        if (_used > Room)
        {
            sink.Flush();
            _used = 0;
        }

        return _memory + _used;
    }

    /// <summary>Hands over the record that was written to the memory of <see cref="Begin"/>.</summary>
    public void End(byte* end)
    {
        byte* record = _memory + _used;
        int length = (int)(end - record);
        if (length > KeptRecord.LargestRecord)
        {
            sink.Refuse();
            return;
        }

        _used += length;
        sink.Add(record, length);
    }

    /// <summary>Frees all room, because the sink was flushed.</summary>
    public void Clear() => _used = 0;

    public void Dispose() => NativeMemory.Free(_memory);
}
