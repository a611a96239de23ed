using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;

var builder = WebApplication.CreateBuilder(args);
builder.AddMeshDefaults("token-broker");
builder.AddTokenBroker();

var app = builder.Build();
app.MapMeshDefaults();
app.MapTokenBroker();
await app.RunMeshAsync();
