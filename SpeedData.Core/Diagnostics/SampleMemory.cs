using System.Runtime.InteropServices;

namespace SpeedData.Core.Diagnostics;

/// <summary>
/// Slots of equal size in native memory. Pages that are never written cost nothing, while an array on the managed heap would use its
/// full size for each channel. A finalizer frees the memory.
/// </summary>
internal sealed unsafe class SampleMemory
{
    private readonly int _slotBytes;
    private readonly byte* _slots;

    public SampleMemory(int slots, int slotBytes)
    {
        _slotBytes = slotBytes;
        _slots = (byte*)NativeMemory.Alloc((nuint)slots, (nuint)slotBytes);
    }

    ~SampleMemory() => NativeMemory.Free(_slots);

    /// <summary>Writes as many bytes as fit into a slot.</summary>
    public void Write(int slot, ReadOnlySpan<byte> bytes)
    {
        bytes[..Math.Min(bytes.Length, _slotBytes)].CopyTo(Slot(slot));
        GC.KeepAlive(this);
    }

    /// <summary>Returns a copy of what was kept of a payload of <paramref name="length"/> bytes.</summary>
    public byte[] Read(int slot, int length)
    {
        byte[] bytes = Slot(slot)[..Math.Min(length, _slotBytes)].ToArray();
        GC.KeepAlive(this);
        return bytes;
    }

    private Span<byte> Slot(int slot) => new(_slots + ((nint)slot * _slotBytes), _slotBytes);
}
