using BenchmarkDotNet.Running;
using SpeedData.Bench.EndToEnd;

// Without arguments: the end-to-end scenarios on this machine, as a table. With "micro": BenchmarkDotNet, whose own
// arguments follow (for example: micro --filter *Ring*).
if (args is ["micro", .. var rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(Scenarios).Assembly).Run(rest);
    return 0;
}

return Scenarios.Run(args);
