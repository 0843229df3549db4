using SpeedData.Server;
using SpeedData.Server.Hosting;

return await Application.RunAsync(args, new Surroundings { BeforeServing = PoolThreads.StartAll });
