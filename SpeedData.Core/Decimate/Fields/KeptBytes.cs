using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// Copies of values that must outlive the memory of their records. Two pieces of memory take turns: at the end of each batch, values
/// that are still needed are copied to the other piece, and the rest is dropped. One thread.
/// </summary>
internal sealed unsafe class KeptBytes : IDisposable
{
    /// <summary>Twice the size of the largest record: a result with more could not be sent.</summary>
    public const int Room = 2 * KeptRecord.LargestRecord;

    private byte* _current = (byte*)NativeMemory.Alloc(Room);
    private byte* _other = (byte*)NativeMemory.Alloc(Room);
    private int _used;

    /// <summary>Begins a new turn. Values kept in the last turn stay valid until the next one.</summary>
    public void Turn()
    {
        byte* last = _current;
        _current = _other;
        _other = last;
        _used = 0;
    }

    /// <summary>Copies a value, and moves the pointer to the copy.</summary>
    /// <returns>False if there is no room for the value.</returns>
    public bool TryKeep(ref byte* value, int length)
    {
        if (length > Room - _used)
            return false;
        byte* copy = _current + _used;
        NativeMemory.Copy(value, copy, (nuint)length);
        value = copy;
        _used += length;
        return true;
    }

    public void Dispose()
    {
        NativeMemory.Free(_current);
        NativeMemory.Free(_other);
    }
}
