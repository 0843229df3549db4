using SpeedData.Server;
using SpeedData.Server.Hosting;

return await Application.RunAsync(args, new ApplicationEnvironment { BeforeServing = PoolThreads.StartAll });
