using System.Runtime.InteropServices;

namespace SpeedData.Core.Sources;

/// <summary>
/// Gives each source of a ring's bursts a small id, and keeps its address while a burst in the ring refers to it. The size is fixed: a
/// new source replaces the one silent for longest, once the consumer has released all its bursts. If every source still has a burst
/// in the ring, a new source gets the id <see cref="Unknown"/>, and known sources stay known. So forged senders can take neither
/// memory nor another sender's address.
/// </summary>
/// <remarks>
/// No locks: the producer writes an address before it publishes the burst. It overwrites the address only after it has seen the
/// consumer's cursor pass the last burst that refers to it. Descriptors are safe in the same way.
/// </remarks>
public sealed unsafe class SourceTable : IDisposable
{
    /// <summary>The id of a source without a place. Its address is <see cref="SourceAddress.Unknown"/>.</summary>
    public const ushort Unknown = 0;

    /// <summary>The largest number of places in a table.</summary>
    public const int MostPlaces = 4096;

    // The address, its use, its bucket.
    private const int BytesPerPlace = 32 + 16 + 2;

    // The consumer reads these.
    private readonly SourceAddress* _addresses;

    // The producer's own. The list by age begins and ends at the place of Unknown.
    private readonly Use* _uses;
    private readonly ushort* _buckets;
    private readonly int _places;
    private int _taken = 1;

    /// <param name="places">The number of places: a power of two, at least 2. One of them is for <see cref="Unknown"/>.</param>
    public SourceTable(int places)
    {
        _places = places;
        // Not zeroed, so that only used pages take memory: most channels have one sender.
        _addresses = (SourceAddress*)NativeMemory.Alloc((nuint)Footprint(places));
        _uses = (Use*)(_addresses + places);
        _buckets = (ushort*)(_uses + places);
        new Span<ushort>(_buckets, places).Clear();
        _addresses[Unknown] = SourceAddress.Unknown;
        _uses[Unknown] = default;
    }

    /// <summary>The number of sources that it can distinguish at once.</summary>
    public int Capacity => _places - 1;

    /// <summary>Returns the memory of a table in bytes.</summary>
    public static long Footprint(long places) => places * BytesPerPlace;

    /// <summary>Consumer: returns the address of a burst that is published and not released.</summary>
    public ref readonly SourceAddress this[ushort id] => ref _addresses[id];

    /// <summary>Producer: returns the id of a source, which stays valid until the consumer has released the burst.</summary>
    /// <param name="source">The sender.</param>
    /// <param name="index">The burst's index in the ring. It never decreases from call to call.</param>
    /// <param name="releasedIndex">The consumer's cursor: the first burst that is not released.</param>
    public ushort IdOf(in SourceAddress source, long index, ref readonly long releasedIndex)
    {
        ushort id = _uses[Unknown].Older;
        // Most channels have one sender.
        if (id == Unknown || _addresses[id] != source)
        {
            id = Find(source);
            if (id != Unknown)
                Unlink(id);
            else if (!TryAdmit(source, in releasedIndex, out id))
                return Unknown;
            LinkAsNewest(id);
        }

        _uses[id].LastIndex = index;
        return id;
    }

    public void Dispose() => NativeMemory.Free(_addresses);

    private ushort Find(in SourceAddress source)
    {
        ushort id = BucketOf(source);
        while (id != Unknown && _addresses[id] != source)
            id = _uses[id].NextInBucket;
        return id;
    }

    private bool TryAdmit(in SourceAddress source, ref readonly long releasedIndex, out ushort id)
    {
        id = Unknown;
        if (_taken < _places)
            id = (ushort)_taken++;
        else if (!TryGiveUpOldest(in releasedIndex, out id))
            return false;
        _addresses[id] = source;
        ref ushort bucket = ref BucketOf(source);
        _uses[id].NextInBucket = bucket;
        bucket = id;
        return true;
    }

    private bool TryGiveUpOldest(ref readonly long releasedIndex, out ushort id)
    {
        id = _uses[Unknown].Newer;
        // Acquire: the consumer's earlier reads of the address are complete.
        if (_uses[id].LastIndex >= Volatile.Read(in releasedIndex))
            return false;
        Unlink(id);
        ref ushort link = ref BucketOf(_addresses[id]);
        while (link != id)
            link = ref _uses[link].NextInBucket;
        link = _uses[id].NextInBucket;
        return true;
    }

    // The hash of a UInt128 has a random seed of this process, so nobody can choose sources that share a bucket.
    private ref ushort BucketOf(in SourceAddress source) => ref _buckets[source.GetHashCode() & (_places - 1)];

    private void LinkAsNewest(ushort id)
    {
        ref Use ends = ref _uses[Unknown];
        _uses[id].Newer = Unknown;
        _uses[id].Older = ends.Older;
        _uses[ends.Older].Newer = id;
        ends.Older = id;
    }

    private void Unlink(ushort id)
    {
        Use use = _uses[id];
        _uses[use.Newer].Older = use.Older;
        _uses[use.Older].Newer = use.Newer;
    }

    /// <summary>The last burst of a source, its neighbours by age, and the next source of its bucket.</summary>
    private struct Use
    {
        public long LastIndex;
        public ushort Newer;
        public ushort Older;
        public ushort NextInBucket;
    }
}
