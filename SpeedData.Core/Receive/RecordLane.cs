using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;

namespace SpeedData.Core.Receive;

/// <summary>The path of the records of one schema: the check with its decimator, the archive's ring, and the counters.</summary>
/// <param name="Check">Decides whether a datagram is a record of this schema.</param>
/// <param name="Ring">The ring from which the writer takes the records. If null, there is no ring, and records are lost as a fault.</param>
/// <param name="Counted">Counts the records.</param>
internal sealed record RecordLane(CheckAndDecimator Check, BurstRing? Ring, SchemaCounters Counted);
