using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate.Fields;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate;

/// <summary>Makes the decimator that the configuration and the schema describe.</summary>
public static class DecimatorFactory
{
    /// <param name="channel">The options with algorithm, window and time field.</param>
    /// <param name="layout">The layout of the channel's records.</param>
    /// <param name="sink">Receives the results.</param>
    /// <param name="time">The clock that is used while nothing arrives.</param>
    public static Decimator Create(ChannelOptions channel, RecordLayout layout, IRecordSink sink, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(channel);
        DecimatedOptions options = channel.Decimated;
        var rules = new FieldRules(options.Algorithm, TimeField.Find(layout, channel.Time.Field, channel.Time.UnitNs));
        var plan = new FieldPlan(layout, rules);
        IReducer reducer = plan.ComputesAnything || rules.Outputs > 1 ? new FieldReducer(plan, sink) : new LastRecord(sink);
        return new Decimator(plan.Scan, reducer, options.Factor * rules.Outputs, options.MaxWindow, time);
    }
}
