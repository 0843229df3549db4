using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;

namespace SpeedData.Core.Receive;

/// <summary>The way of the records of one schema: their check with its decimator, the ring of their archive, their count.</summary>
/// <param name="Check">Tells whether a datagram is such a record.</param>
/// <param name="Ring">Where the writer takes them from; null while the archive has none, and then they are lost as a fault.</param>
/// <param name="Counted">Where they are counted.</param>
internal sealed record RecordLane(CheckAndDecimator Check, BurstRing? Ring, SchemaCounters Counted);
