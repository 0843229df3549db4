using System.Buffers.Binary;

namespace SpeedData.Server.Live;

/// <summary>
/// Messages that wait for a client, in one block of memory that grows up to a limit. Messages that do not fit are counted and left
/// out. Any thread.
/// </summary>
internal sealed class MessageQueue(int mostBytes)
{
    private const int SmallestBytes = 16 << 10, LengthBytes = 4;

    private readonly Lock _gate = new();
    private byte[] _memory = [];
    private int _first, _used;
    private long _leftOut;

    public bool Any
    {
        get
        {
            lock (_gate)
                return _used > 0;
        }
    }

    /// <summary>Adds a message that consists of a head and a body.</summary>
    public void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            int bytes = LengthBytes + head.Length + body.Length;
            if (bytes > mostBytes - _used)
            {
                _leftOut++;
                return;
            }

            if (bytes > _memory.Length - _used)
                Grow(_used + bytes);
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt32LittleEndian(length, head.Length + body.Length);
            Append(length);
            Append(head);
            Append(body);
        }
    }

    public void LeaveOut(long messages)
    {
        lock (_gate)
            _leftOut += messages;
    }

    /// <summary>Takes the oldest message.</summary>
    /// <param name="into">Receives the message; replaced by a larger array if needed.</param>
    /// <returns>The message; null if none waits.</returns>
    public ReadOnlyMemory<byte>? Take(ref byte[] into)
    {
        lock (_gate)
        {
            if (_used == 0)
            {
                // The memory has grown for a burst, so shrink it.
                if (_memory.Length > SmallestBytes)
                    _memory = [];
                return null;
            }

            Span<byte> length = stackalloc byte[LengthBytes];
            Remove(length);
            int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (into.Length < bytes)
                into = new byte[Math.Max(bytes, 2 * into.Length)];
            Remove(into.AsSpan(0, bytes));
            return into.AsMemory(0, bytes);
        }
    }

    /// <summary>Returns how many messages were left out since the last call.</summary>
    public long TakeLeftOut()
    {
        lock (_gate)
        {
            long messages = _leftOut;
            _leftOut = 0;
            return messages;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int at = (_first + _used) % _memory.Length, upToEnd = Math.Min(bytes.Length, _memory.Length - at);
        bytes[..upToEnd].CopyTo(_memory.AsSpan(at));
        bytes[upToEnd..].CopyTo(_memory);
        _used += bytes.Length;
    }

    private void Remove(Span<byte> into)
    {
        int upToEnd = Math.Min(into.Length, _memory.Length - _first);
        _memory.AsSpan(_first, upToEnd).CopyTo(into);
        _memory.AsSpan(0, into.Length - upToEnd).CopyTo(into[upToEnd..]);
        _first = (_first + into.Length) % _memory.Length;
        _used -= into.Length;
    }

    private void Grow(int needed)
    {
        byte[] grown = new byte[Math.Min(mostBytes, Math.Max(SmallestBytes, Math.Max(needed, 2 * _memory.Length)))];
        int used = _used;
        if (used > 0)
            Remove(grown.AsSpan(0, used));
        (_memory, _first, _used) = (grown, 0, used);
    }
}
