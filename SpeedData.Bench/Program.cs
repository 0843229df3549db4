using BenchmarkDotNet.Running;
using SpeedData.Bench.EndToEnd;
using SpeedData.Bench.Picture;

// Without arguments: the end-to-end scenarios on this machine, as a table. With "micro": BenchmarkDotNet, whose own
// arguments follow (for example: micro --filter *Ring*). With "picture FILE": the algorithms of decimation side by side, as SVG.
if (args is ["micro", .. var rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(Scenarios).Assembly).Run(rest);
    return 0;
}

if (args is ["picture", var file])
{
    AlgorithmsPicture.Write(file);
    return 0;
}

return Scenarios.Run(args);
