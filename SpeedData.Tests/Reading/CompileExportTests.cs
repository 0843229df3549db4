using System.Text;
using SpeedData.Core.Export;

namespace SpeedData.Tests.Reading;

public sealed class CompileExportTests
{
    [Test]
    public void The_run_for_compiling_ahead_writes_a_table() =>
        Assert.That(Encoding.UTF8.GetString(CompileExport.Run()), Does.StartWith("""
            time,time_ns,elapsed,i,l,d,e,s,y,received_time,source,lost_before
            1970-01-01T00:00:00.000000001Z,1,0,2,3,1.5625,0.1,"",0102,
            """));
}
