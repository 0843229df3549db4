using BenchmarkDotNet.Running;
using SpeedData.Bench.EndToEnd;
using SpeedData.Bench.Picture;

// Without arguments: runs the end-to-end scenarios and prints a table. "micro": runs BenchmarkDotNet with the arguments that follow (for
// example: micro --filter *Ring*). "picture FILE": writes the decimation algorithms side by side as SVG.
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
